// `models`: the architectures of the lectures.

export { type AlexNet, type AlexNetOptions, alexNet, alexNet2012 } from "./alexnet.ts";
export { type CifarResNet, type CifarResNetOptions, resNet8, resNet20, resNet56 } from "./cifar-resnet.ts";
export { DenseBlock, type DenseBlockOptions, DenseLayer, Transition } from "./dense-block.ts";
export { type DenseNet, type DenseNetOptions, denseNet121 } from "./densenet.ts";
export { type GoogLeNet, type GoogLeNetOptions, googLeNet, googLeNet2014 } from "./googlenet.ts";
export { ConvUnit, type ConvUnitOptions, Inception, type InceptionOptions, type InceptionWidths } from "./inception.ts";
export { type LeNetOptions, leNet5 } from "./lenet.ts";
export {
  leNet1998,
  RbfOutput,
  ScaledTanh,
  TableConv2d,
  TrainableAvgPool2d,
} from "./lenet-1998.ts";
export { BasicBlock, type BlockOptions, Bottleneck, type Shortcut } from "./residual-blocks.ts";
export { type ResNet, type ResNetOptions, resNet18, resNet34, resNet50, resNet101, resNet152 } from "./resnet.ts";
export { miniInception, type TeachingOptions, type TinyVggOptions, tinyVgg } from "./teaching.ts";
export { type VGG, type VggOptions, vgg16, vgg19 } from "./vgg.ts";
