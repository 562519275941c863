using Microsoft.Extensions.Options;
using Serverless.Inference;
using Serverless.Packages;

namespace Serverless.GpuBatch;

/// <summary>
/// What a person can mend about settings, models or this machine, as one line; null for a fault of ours, which keeps its stack.
/// </summary>
internal static class StartFault
{
    public static string? Describe(Exception e) =>
        e switch
        {
            OptionsValidationException options => string.Join(' ', options.Failures),
            ArgumentException or FormatException or ModelRejectedException or IOException or UnauthorizedAccessException => OneLine(
                e.Message
            ),
            InvalidOperationException when e.Message.Contains("apt-get install", StringComparison.Ordinal) => OneLine(e.Message),
            OperationCanceledException => "stopped while it started",
            _ => null,
        };

    private static string OneLine(string message)
    {
        int parameter = message.LastIndexOf(" (Parameter '", StringComparison.Ordinal);
        return (parameter < 0 ? message : message[..parameter]).ReplaceLineEndings(" ");
    }
}
