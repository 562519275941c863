using System.Diagnostics;
using Serverless.Embedded.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Commands as a person types them, in the root of the checkout.</summary>
internal static class Terminal
{
    public static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Checkout.Root };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
        string output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, output + await errors);
    }
}
