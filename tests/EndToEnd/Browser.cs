using System.Diagnostics;
using System.Text.Json;
using Serverless.Local.Stack;

namespace Serverless.EndToEnd;

/// <summary>One Chromium for all checks of the console: starting it took a third of what a check takes. Each has a window.</summary>
public sealed class Browser : IDisposable
{
    private static readonly string Folder = Path.Combine(Checkout.Root, "tests", "EndToEnd", "Browser");

    private Process? _process;

    public static string Checks { get; } = Path.Combine(Folder, "checks");

    /// <summary>What was wrong with the console of a stack; nothing, if the check found it as it should be.</summary>
    /// <param name="check">The name of a file under <see cref="Checks"/>, without its extension.</param>
    public async Task<IReadOnlyList<string>> CheckAsync(LocalStack stack, string check, CancellationToken cancellationToken)
    {
        _process ??= Start(stack);
        await _process.StandardInput.WriteLineAsync(Path.Combine(Checks, check + ".mjs").AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        string? answer = await _process.StandardOutput.ReadLineAsync(cancellationToken);
        return answer is null ? ["browse.mjs ended, see above"] : JsonSerializer.Deserialize<string[]>(answer)!;
    }

    public void Dispose()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.Dispose();
    }

    private static Process Start(LocalStack stack) =>
        Process.Start(
            new ProcessStartInfo(
                "node",
                [
                    Path.Combine(Folder, "browse.mjs"),
                    FindChromium(),
                    $"{stack.FunctionsAddress}api/console",
                    stack.FunctionsKey,
                    Directory.CreateDirectory(Path.Combine(Checkout.Root, "artifacts", "screenshots")).FullName,
                ]
            )
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;

    private static string FindChromium() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Select(folder => Path.Combine(folder, "chromium"))
            .FirstOrDefault(File.Exists)
        ?? throw new StackException("Chromium is missing. Install it: apt-get install chromium");
}
