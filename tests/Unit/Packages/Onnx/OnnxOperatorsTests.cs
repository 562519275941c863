using Microsoft.ML.OnnxRuntime;
using Serverless.Inference;
using Serverless.Inference.Sessions;
using Serverless.Packages.Onnx;
using Xunit;
using static Serverless.Unit.Packages.Onnx.OnnxBytes;

namespace Serverless.Unit.Packages.Onnx;

/// <summary>What is known of operators, against what ONNX Runtime says itself.</summary>
public sealed class OnnxOperatorsTests
{
    private static readonly string[] Unknown = ["is not a registered function/op", "No Op registered for", "No opset import", "deprecated"];

    [Fact]
    public void Sets_AreThoseOfTheRuntime()
    {
        List<string> wrong = [];
        foreach ((string name, (int first, int last)) in OnnxOperators.Sets)
        {
            if (IsUnknown(name, first))
            {
                wrong.Add($"{name} is not in {first}");
            }
            if (!IsUnknown(name, first - 1) && first > 1)
            {
                wrong.Add($"{name} is in {first - 1} ({Open(Node(name, first - 1))})");
            }
            if (last < int.MaxValue && (IsUnknown(name, last) || !IsUnknown(name, last + 1)))
            {
                wrong.Add($"{name} does not end with {last}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join(", ", wrong));
    }

    [Fact]
    public void NewestIr_IsTheRuntimes()
    {
        Assert.Null(Open([.. Model([]), .. Field(1, OnnxOperators.NewestIr)]));
        Assert.Contains("IR version", Open([.. Model([]), .. Field(1, OnnxOperators.NewestIr + 1)]), StringComparison.Ordinal);
    }

    private static bool IsUnknown(string name, int set) =>
        Open(Node(name, set)) is { } fault && Unknown.Any(words => fault.Contains(words, StringComparison.OrdinalIgnoreCase));

    /// <summary>Without inputs, so that a known operator is refused before anything else of it is looked at.</summary>
    private static byte[] Node(string name, int set) => Model([], name, set, nodeFields: []);

    /// <summary>Null where it opens, else what is wrong with it.</summary>
    private static string? Open(byte[] model)
    {
        // all tests share one, made before the first session
        OrtEnvironment.Ensure(Environment.ProcessorCount, new RuntimeOptions().MaxArenaBytes);
        using SessionOptions options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        try
        {
            using InferenceSession session = new(model, options);
            return null;
        }
        catch (OnnxRuntimeException e)
        {
            return e.Message;
        }
    }
}
