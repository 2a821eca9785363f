/**
 * What an ONNX file says of itself: enough to refuse one that is not what its manifest says, without a package and
 * without running it. The format is protobuf (onnx.proto3, IR version 8); fields are read by number.
 */

export interface OnnxTensor {
  readonly name: string;
  /** -1 = a dimension that is not fixed. */
  readonly shape: readonly number[];
}

export interface OnnxFacts {
  /** Version by domain; the standard operators' is `ai.onnx`. */
  readonly opsets: Readonly<Record<string, number>>;
  /** Operator -> how often. */
  readonly operators: Readonly<Record<string, number>>;
  readonly inputs: readonly OnnxTensor[];
  readonly outputs: readonly OnnxTensor[];
  /** Weights lie in another file, which nothing vouches for. */
  readonly externalData: boolean;
}

type Field =
  | { readonly number: number; readonly kind: 'varint'; readonly value: number }
  | { readonly number: number; readonly kind: 'bytes'; readonly value: Buffer };

/** @throws RangeError when the bytes end too early, are not an ONNX model, or hold what these facts would not tell. */
export function readOnnx(content: Buffer): OnnxFacts {
  const opsets: Record<string, number> = {};
  let graph: Buffer | undefined;
  for (const field of fieldsOf(content)) {
    if (field.kind !== 'bytes') continue;
    switch (field.number) {
      case 7:
        // Protobuf would merge the two; which operators then run is not said by either.
        if (graph !== undefined) throw new RangeError('it has two graphs');
        graph = field.value;
        break;
      case 8: {
        const parts = [...fieldsOf(field.value)];
        const domain = textOf(parts, 1);
        opsets[domain === '' ? 'ai.onnx' : domain] = numberOf(parts, 2) ?? 0;
        break;
      }
      case 25:
        throw new RangeError('it has operators of its own');
    }
  }
  if (graph === undefined) throw new RangeError('it is no ONNX model: it has no graph');
  const found: Found = { operators: {}, externalData: false };
  walkGraph(graph, found);
  const tensors = (number: number): OnnxTensor[] => messagesOf(graph, number).map(tensorOf);
  return { opsets, ...found, inputs: tensors(11), outputs: tensors(12) };
}

interface Found {
  readonly operators: Record<string, number>;
  externalData: boolean;
}

/** GraphProto: node = 1, initializer = 5, sparse_initializer = 15 (its values = 1). */
function walkGraph(graph: Buffer, found: Found): void {
  for (const node of messagesOf(graph, 1)) {
    const name = textOf([...fieldsOf(node)], 4);
    found.operators[name] = (found.operators[name] ?? 0) + 1;
    for (const attribute of messagesOf(node, 5)) walkAttribute(attribute, found);
  }
  for (const tensor of messagesOf(graph, 5)) lookAtTensor(tensor, found);
  for (const sparse of messagesOf(graph, 15)) {
    for (const values of messagesOf(sparse, 1)) lookAtTensor(values, found);
  }
}

/** AttributeProto: t = 5, g = 6, tensors = 10, graphs = 11. */
function walkAttribute(attribute: Buffer, found: Found): void {
  for (const { number, value } of fieldsOf(attribute)) {
    if (typeof value === 'number') continue;
    if (number === 5 || number === 10) lookAtTensor(value, found);
    if (number === 6 || number === 11) walkGraph(value, found);
  }
}

/** TensorProto.data_location: 1 = external. */
function lookAtTensor(tensor: Buffer, found: Found): void {
  if (numberOf([...fieldsOf(tensor)], 14) === 1) found.externalData = true;
}

function messagesOf(content: Buffer, number: number): Buffer[] {
  return [...fieldsOf(content)].flatMap((field) =>
    field.number === number && field.kind === 'bytes' ? [field.value] : [],
  );
}

/** ValueInfoProto: name, and the shape out of type.tensor_type.shape.dim[]. */
function tensorOf(content: Buffer): OnnxTensor {
  const parts = [...fieldsOf(content)];
  const shape = within(within(within(parts, 2), 1), 2);
  const dimensions = shape.flatMap((field) =>
    field.number === 1 && field.kind === 'bytes' ? [field.value] : [],
  );
  return {
    name: textOf(parts, 1),
    shape: dimensions.map((dimension) => numberOf([...fieldsOf(dimension)], 1) ?? -1),
  };
}

function within(fields: readonly Field[], number: number): Field[] {
  const found = fields.find((field) => field.number === number);
  return found?.kind === 'bytes' ? [...fieldsOf(found.value)] : [];
}

function textOf(fields: readonly Field[], number: number): string {
  const found = fields.find((field) => field.number === number);
  return found?.kind === 'bytes' ? found.value.toString('utf8') : '';
}

function numberOf(fields: readonly Field[], number: number): number | undefined {
  const found = fields.find((field) => field.number === number);
  return found?.kind === 'varint' ? found.value : undefined;
}

function* fieldsOf(content: Buffer): Generator<Field, void> {
  let position = 0;
  const varint = (): number => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = content[position];
      if (byte === undefined) throw new RangeError('it ends too early');
      position += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  };
  const skip = (bytes: number): Buffer => {
    if (position + bytes > content.length) throw new RangeError('it ends too early');
    position += bytes;
    return content.subarray(position - bytes, position);
  };
  while (position < content.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        yield { number, kind: 'varint', value: varint() };
        break;
      case 1:
        skip(8);
        break;
      case 2:
        yield { number, kind: 'bytes', value: skip(varint()) };
        break;
      case 5:
        skip(4);
        break;
      default:
        throw new RangeError('it is no ONNX model');
    }
  }
}
