using Serverless.Packages;
using Serverless.Packages.Onnx;
using Serverless.Unit.Inference;
using Xunit;
using static Serverless.Unit.Packages.Onnx.OnnxBytes;

namespace Serverless.Unit.Packages.Onnx;

/// <summary>Graphs that are well-formed and not to be loaded, each refused by name.</summary>
public sealed class ModelGraphTests
{
    private static readonly ModelLimits Limits = new() { MaxMemoryBytes = 1 << 20 };

    public static TheoryData<string, byte[], string> Faulty() =>
        new()
        {
            {
                "NaN weight",
                Model(Weights(1, 2, 3, 4, 5, 6, 7, 8, 9, float.NaN, 11)),
                "found the tensor 'w' with NaN at 9; expected numbers"
            },
            {
                "infinite weight",
                Model(Weights(1, float.PositiveInfinity)),
                "found the tensor 'w' with infinity at 1; expected finite weights"
            },
            { "minus infinity among weights", Model(Weights(0, 0.5f, float.NegativeInfinity)), "with infinity at 2" },
            {
                "NaN in float_data",
                Model(Field(5, [.. Field(1, 1), .. Field(2, 1), .. Field(8, "w"), .. Field(4, BitConverter.GetBytes(float.NaN))])),
                "'w' with NaN at 0"
            },
            {
                "NaN in halves, one a number",
                Model(Field(5, [.. Field(1, 2), .. Field(2, 10), .. Field(8, "w"), .. Field(5, [0x01, 0x81, 0xFC, 0x01])])),
                "'w' with NaN at 1"
            },
            { "NaN double", Model(Field(5, Tensor("w", 11, [1], BitConverter.GetBytes(double.NaN)))), "'w' with NaN at 0" },
            { "NaN bfloat16", Model(Field(5, Tensor("w", 16, [1], [0xC0, 0x7F]))), "'w' with NaN at 0" },
            { "NaN float8", Model(Field(5, Tensor("w", 17, [2], [0x00, 0xFF]))), "'w' with NaN at 1" },
            { "NaN float8 without a negative zero", Model(Field(5, Tensor("w", 20, [2], [0x7F, 0x80]))), "'w' with NaN at 1" },
            {
                "NaN float8, one a number",
                Model(Field(5, [.. Field(1, 2), .. Field(2, 19), .. Field(8, "w"), .. Field(5, [0x01, 0x7E])])),
                "'w' with NaN at 1"
            },
            {
                "NaN in a constant of floats",
                Model(
                    [],
                    op: "Constant",
                    nodeFields: Field(
                        5,
                        [.. Field(1, "value_floats"), .. Field(7, [.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(float.NaN)])]
                    )
                ),
                "found the constant value_floats with NaN"
            },
            {
                "weights over the memory",
                Model(Field(5, Tensor("w", 1, [1 << 20], []))),
                "found the tensor 'w' of the shape [1048576], 4194304 bytes beside 0 of others; expected at most 1048576 bytes "
                    + "of weights (MaxMemoryBytes)"
            },
            { "a shape beyond counting", Model(Field(5, Tensor("w", 1, [1L << 40, 1L << 40, 8], []))), "more bytes than can be counted" },
            {
                "less data than the shape",
                Model(Field(5, Tensor("w", 1, [4], new byte[12]))),
                "the tensor 'w' with 12 bytes of data, where its shape makes 16 bytes"
            },
            { "unknown element", Model(Field(5, Tensor("w", 99, [1], new byte[4]))), "unknown type 99" },
            {
                "an input over the memory",
                Model(Field(11, Value("big", 1, 1024, 1024))),
                "found the tensor 'big' Float[1024,1024] of 4194304 bytes"
            },
            {
                "an intermediate over the memory",
                Model(Field(13, Value("mid", 11, 1024, 1024))),
                "found the tensor 'mid' Double[1024,1024]"
            },
            {
                "a constant shape over the memory",
                Model(Longs("s", 100_000, 100_000), "ConstantOfShape", nodeFields: Field(1, "s")),
                "found ConstantOfShape of the shape [100000,100000], 40000000000 bytes"
            },
            {
                "an expansion over the memory",
                Model(Longs("s", 3, 1L << 40), "Expand", nodeFields: [.. Field(1, "x"), .. Field(1, "s")]),
                "found Expand of the shape [3,1099511627776]"
            },
            {
                "repetitions over the memory",
                Model(Longs("s", 1_000, 1_000), "Tile", nodeFields: [.. Field(1, "x"), .. Field(1, "s")]),
                "found Tile of the shape [1000,1000], 4000000 bytes"
            },
            {
                "a sparse weight over the memory",
                Model(
                    Field(
                        15,
                        [
                            .. Field(1, Tensor("v", 1, [1], new byte[4])),
                            .. Field(2, Tensor("i", 7, [1], new byte[8])),
                            .. Field(3, 1L << 33),
                        ]
                    )
                ),
                "the tensor 'v' of the shape [8589934592]"
            },
            { "no number of an operator set", Model([], opset: 0), "found the operator set ai.onnx 0; expected 1 or more" },
            { "no IR version", [.. Model([]), .. Field(1, 0)], "found the IR version 0; expected 1 or more" },
            { "no outputs", Field(7, Field(11, Value("x", 1, 2))), "found no outputs; expected at least one" },
            { "no operator set", Field(7, Field(12, Value("y", 1, 2))), "found no operator set" },
        };

    [Theory]
    [MemberData(nameof(Faulty), DisableDiscoveryEnumeration = true)]
    public void Rejects_ByName(string what, byte[] model, string message)
    {
        Assert.True(Load(model) is { } error && error.Contains(message, StringComparison.Ordinal), $"{what}: {Load(model)}");
    }

    public static TheoryData<string, byte[]> Sound() =>
        new()
        {
            { "finite weights", Model(Weights(1, -2, 3e38f)) },
            { "an attention mask", Model(Weights(0, float.NegativeInfinity, -0f)) },
            { "an infinite scalar", Model(Weights(float.NegativeInfinity)) },
            {
                "an infinite constant",
                Model(
                    [],
                    nodeFields:
                    [
                        .. Field(1, "x"),
                        .. Field(5, [.. Field(1, "value"), .. Field(5, Tensor("", 1, [2], [0, 0, 0x80, 0x7F, 0, 0, 0x80, 0x7F]))]),
                    ]
                )
            },
            { "integers that look like NaN", Model(Field(5, Tensor("w", 7, [1], [255, 255, 255, 255, 255, 255, 255, 255]))) },
            { "a domain that is imported and not used", [.. Model([]), .. Field(8, [.. Field(1, "com.example"), .. Field(2, 3)])] },
        };

    [Theory]
    [MemberData(nameof(Sound), DisableDiscoveryEnumeration = true)]
    public void Accepts(string what, byte[] model) => Assert.True(Load(model) is null, $"{what}: {Load(model)}");

    [Fact]
    public void Rejects_NanInExternalData()
    {
        using var package = new TemporaryPackage("external", copyOf: "text-external");
        using (FileStream weights = File.OpenWrite(package.PathOf("weights.bin")))
        {
            weights.Write(BitConverter.GetBytes(float.NaN));
        }

        var error = Assert.Throws<ModelRejectedException>(() =>
            ModelGraph.Load(new PackageFiles(package.Folder, ModelLimits.Default), ModelLimits.Default)
        );

        Assert.Contains("with NaN at 0; expected numbers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rejects_MoreEntriesThanAGraphMayHave()
    {
        byte[] model = Model([.. Enumerable.Range(0, 100).SelectMany(_ => Weights(1))]);

        var error = Assert.Throws<InvalidDataException>(() => OnnxReader.Read(model, new ModelLimits { MaxGraphNodes = 10 }));

        Assert.Contains("more than 80 tensors, values and attributes", error.Message, StringComparison.Ordinal);
    }

    private static string? Load(byte[] model)
    {
        using var package = new TemporaryPackage("graph");
        File.WriteAllBytes(package.PathOf("model.onnx"), model);
        try
        {
            ModelGraph.Load(new PackageFiles(package.Folder, Limits), Limits);
            return null;
        }
        catch (ModelRejectedException e)
        {
            return e.Message;
        }
    }
}
