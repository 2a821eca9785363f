/**
 * Writes small ONNX models for tests: the few fields of onnx.proto3 that a graph needs, by number. The other
 * direction is `onnx-file.ts`.
 */

export type Attribute =
  | number
  | readonly number[]
  | string
  | readonly string[]
  | { readonly floats: readonly number[] }
  | { readonly graph: GraphSpecification };

export interface NodeSpecification {
  readonly operator: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Numbers are written as integers; `{ floats }` as floats. */
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

export interface TensorSpecification {
  readonly name: string;
  /** -1 = the batch. */
  readonly shape: readonly number[];
}

export interface ConstantSpecification extends TensorSpecification {
  readonly values: readonly number[];
  /** Claims that the values lie in another file. */
  readonly external?: boolean;
}

export interface GraphSpecification {
  readonly nodes: readonly NodeSpecification[];
  readonly constants: readonly ConstantSpecification[];
  readonly inputs: readonly TensorSpecification[];
  readonly outputs: readonly TensorSpecification[];
}

export interface ModelSpecification extends GraphSpecification {
  readonly opsets: Readonly<Record<string, number>>;
}

const IR_VERSION = 8;
const FLOAT = 1;

/** The bytes of a ModelProto. */
export function encodeOnnx(model: ModelSpecification): Buffer {
  const versions = Object.entries(model.opsets).map(([domain, version]) =>
    message(8, Buffer.concat([text(1, domain === 'ai.onnx' ? '' : domain), integer(2, version)])),
  );
  return Buffer.concat([integer(1, IR_VERSION), message(7, encodeGraph(model)), ...versions]);
}

function encodeGraph({ nodes, constants, inputs, outputs }: GraphSpecification): Buffer {
  return Buffer.concat([
    ...nodes.map((node) => message(1, encodeNode(node))),
    text(2, 'graph'),
    ...constants.map((constant) => message(5, encodeConstant(constant))),
    ...inputs.map((tensor) => message(11, encodeTensorInfo(tensor))),
    ...outputs.map((tensor) => message(12, encodeTensorInfo(tensor))),
  ]);
}

function encodeNode({ operator, domain = '', inputs, outputs, attributes = {} }: NodeSpecification): Buffer {
  return Buffer.concat([
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, operator),
    ...Object.entries(attributes).map(([name, value]) => message(5, encodeAttribute(name, value))),
    text(7, domain),
  ]);
}

/** AttributeProto; field 20 is the type: 2 int, 3 string, 5 graph, 6 floats, 7 ints, 8 strings. */
function encodeAttribute(name: string, value: Attribute): Buffer {
  const named = text(1, name);
  if (typeof value === 'number') return Buffer.concat([named, integer(3, value), integer(20, 2)]);
  if (typeof value === 'string') return Buffer.concat([named, text(4, value), integer(20, 3)]);
  if ('graph' in value) return Buffer.concat([named, message(6, encodeGraph(value.graph)), integer(20, 5)]);
  if ('floats' in value) {
    return Buffer.concat([named, ...value.floats.map((each) => float(7, each)), integer(20, 6)]);
  }
  const parts = value.map((each) => (typeof each === 'number' ? integer(8, each) : text(9, each)));
  return Buffer.concat([named, ...parts, integer(20, typeof value[0] === 'string' ? 8 : 7)]);
}

function encodeConstant({ name, shape, values, external = false }: ConstantSpecification): Buffer {
  return Buffer.concat([
    ...shape.map((size) => integer(1, size)),
    integer(2, FLOAT),
    text(8, name),
    message(9, floatBytes(values)),
    external ? integer(14, 1) : Buffer.alloc(0),
  ]);
}

function encodeTensorInfo({ name, shape }: TensorSpecification): Buffer {
  const dimensions = shape.map((size) => message(1, size === -1 ? text(2, 'batch') : integer(1, size)));
  const tensor = Buffer.concat([integer(1, FLOAT), message(2, Buffer.concat(dimensions))]);
  return Buffer.concat([text(1, name), message(2, message(1, tensor))]);
}

/** Little-endian float32. */
export function floatBytes(values: Iterable<number>): Buffer {
  const numbers = [...values];
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [index, value] of numbers.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes;
}

function message(field: number, content: Buffer): Buffer {
  return Buffer.concat([varint(field * 8 + 2), varint(content.length), content]);
}

function text(field: number, value: string): Buffer {
  return message(field, Buffer.from(value, 'utf8'));
}

function integer(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

function float(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8 + 5), floatBytes([value])]);
}

/** Negative numbers take ten bytes, as two's complement of 64 bits. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}
