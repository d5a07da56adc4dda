// A plain Node script that uses the library by its name, as a user's would; library.test.ts runs it, and runs it as a cell.
// That it is checked with the other tests proves that the types are the same.

import { data, display, io, manualSeed, nn, optim, type Tensor, tensor, viz } from "lectern";

manualSeed(0);
const model = new nn.Sequential(new nn.Linear(64, 10));
const optimizer = new optim.SGD(model.parameters(), { lr: 0.5 });
const { tensors } = await data.digits();
const [images, labels] = tensors;
let loss: Tensor = tensor(0);
for (let step = 0; step < 5; step++) {
  loss = nn.functional.crossEntropy(model.forward(images.flatten(1)), labels);
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
}
console.log("loss", (await loss.item()).toFixed(4));
display(viz.lines({ title: "Squares", series: { y: [0, 1, 4, 9] } }));
console.log(Object.keys(io).length > 0);
console.log(model.constructor.name, loss.constructor.name, nn.Buffer.name);
