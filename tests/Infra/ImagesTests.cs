using Xunit;

namespace Serverless.Infra;

/// <summary>What <c>make images</c> refuses before it makes anything; that its images work is a test of the running system.</summary>
public sealed class ImagesTests
{
    [Theory]
    [InlineData("1.2.3", "BASE", "debian:bookworm", "the base is 'debian:bookworm'; it is named by its digest")]
    [InlineData("1.2.3", "FUNCTIONS_BASE", "host@sha256:12", "the base is 'host@sha256:12'; it is named by its digest")]
    [InlineData("1.2.3", "GPU", "1", "GPU needs BASE: an image with ffmpeg and with the CUDA and cuDNN")]
    public Task Images_OfAWrongBase_AreRefusedInOneLine(string version, string variable, string value, string message) =>
        AssertRefusedAsync("infra/images/build.sh", [version], new Dictionary<string, string> { [variable] = value }, message);

    [Theory]
    [InlineData("infra/images/build.sh")]
    [InlineData("infra/ci/publish.sh")]
    public async Task AVersion_ThatIsNone_IsRefusedInOneLine(string script)
    {
        string[][] wrong =
        [
            [],
            [""],
            ["../1"],
            [".1"],
            ["-1"],
            ["1 2"],
            [new('1', 129)],
        ];
        foreach (string[] version in wrong)
        {
            string message = $"the version is '{string.Concat(version)}'; allowed are letters, digits, dots and hyphens, a letter or digit";
            await AssertRefusedAsync(script, version, [], message);
        }
    }

    private static async Task AssertRefusedAsync(string script, string[] arguments, Dictionary<string, string> variables, string message)
    {
        CommandResult refused = await CommandLine.RunAsync(
            SourceTree.PathOf(script),
            arguments,
            SourceTree.PathOf("."),
            variables,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(
            message,
            Assert.Single(refused.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
    }
}
