using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>The console's pages in Chromium. A check is a file under Browser/checks; a further page brings its own.</summary>
public sealed class ConsoleTests(ConsoleData data) : IClassFixture<ConsoleData>
{
    private static readonly string Folder = Path.Combine(Checkout.Root, "tests", "EndToEnd", "Browser");

    public static TheoryData<string> Checks() =>
        new(
            Directory
                .EnumerateFiles(Path.Combine(Folder, "checks"), "*.mjs")
                .Select(file => Path.GetFileNameWithoutExtension(file))
                .Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task Page_InChromium_ShowsWhatItShould(string check)
    {
        (int code, string output) = await Terminal.RunAsync(
            "node",
            Path.Combine(Folder, "check.mjs"),
            FindChromium(),
            $"{data.Stack.FunctionsAddress}api/console",
            data.Stack.FunctionsKey,
            Path.Combine(Folder, "checks", check + ".mjs"),
            Directory.CreateDirectory(Path.Combine(Checkout.Root, "artifacts", "screenshots")).FullName
        );

        Assert.True(code == 0, output);
    }

    private static string FindChromium() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Select(folder => Path.Combine(folder, "chromium"))
            .FirstOrDefault(File.Exists)
        ?? throw new StackException("Chromium is missing. Install it: apt-get install chromium");
}
