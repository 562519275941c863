using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>The console's pages in Chromium. A check is a file under Browser/checks; a further page brings its own.</summary>
public sealed class ConsoleTests(ConsoleData data, Browser browser) : IClassFixture<ConsoleData>, IClassFixture<Browser>
{
    public static TheoryData<string> Checks() =>
        new(
            Directory
                .EnumerateFiles(Browser.Checks, "*.mjs")
                .Select(file => Path.GetFileNameWithoutExtension(file))
                .Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task Page_InChromium_ShowsWhatItShould(string check)
    {
        IReadOnlyList<string> complaints = await browser.CheckAsync(data.Stack, check, TestContext.Current.CancellationToken);

        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
    }
}
