import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOnnx } from './onnx-file.ts';
import { encodeOnnx, type ModelSpecification } from './testing/onnx-encoder.ts';
import { netModel, treeModel } from './testing/small-models.ts';

const TREE = treeModel(5, 1).specification;
const NET = netModel(5, 4, 1).specification;

describe('reading an ONNX file', () => {
  it('gives opsets, operators, inputs and outputs of a tree ensemble', () => {
    expect(readOnnx(encodeOnnx(TREE))).toEqual({
      opsets: { 'ai.onnx': 17, 'ai.onnx.ml': 3 },
      operators: { TreeEnsembleRegressor: 1, Add: 1, Softmax: 1 },
      inputs: [{ name: 'features', shape: [-1, 5] }],
      outputs: [{ name: 'probabilities', shape: [-1, 3] }],
      externalData: false,
    });
  });

  it('counts each operator and gives every output of a net', () => {
    const facts = readOnnx(encodeOnnx(NET));
    expect(facts.operators).toMatchObject({ MatMul: 2, Softmax: 1, IsNaN: 1 });
    expect(facts.inputs).toEqual([{ name: 'features', shape: [-1, 4, 5] }]);
    expect(facts.outputs.map(({ name }) => name)).toEqual(['probabilities', 'quantiles']);
  });

  it('sees weights that lie in another file', () => {
    const [first, ...rest] = NET.constants;
    const constants = first === undefined ? [] : [{ ...first, external: true }, ...rest];
    expect(readOnnx(encodeOnnx({ ...NET, constants })).externalData).toBe(true);
  });

  it('counts operators inside the branches of another operator', () => {
    const hidden: ModelSpecification = {
      ...NET,
      nodes: [
        ...NET.nodes,
        {
          operator: 'If',
          inputs: ['missing'],
          outputs: ['chosen'],
          attributes: {
            then_branch: { graph: { ...NET, nodes: [{ operator: 'Exp', inputs: [], outputs: [] }] } },
          },
        },
      ],
    };
    expect(readOnnx(encodeOnnx(hidden)).operators).toMatchObject({ If: 1, Exp: 1, MatMul: 2 });
  });

  it('refuses a model with two graphs: readers differ in which one they take', () => {
    const twice = Buffer.concat([encodeOnnx(TREE), encodeOnnx(NET)]);
    expect(() => readOnnx(twice)).toThrow(RangeError);
  });

  it('refuses what is no model', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('{"not": "onnx"}'), Buffer.alloc(64, 0xff)]) {
      expect(() => readOnnx(bytes)).toThrow(RangeError);
    }
  });

  it('refuses a file cut anywhere, and never fails in another way', () => {
    const whole = encodeOnnx(TREE);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (length) => {
        const cut = whole.subarray(0, length);
        // Cut between two fields after the graph it is a whole model with fewer opsets.
        try {
          expect(readOnnx(cut).opsets).not.toEqual(TREE.opsets);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          readOnnx(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});
