using Xunit;

namespace Serverless.Infra;

/// <summary>What <c>make images</c> refuses before it makes anything; that its images work is a test of the running system.</summary>
public sealed class ImagesTests
{
    [Theory]
    [InlineData("1.2.3", "BASE", "debian:bookworm", "the base is 'debian:bookworm'; it is named by its digest")]
    [InlineData("1.2.3", "FUNCTIONS_BASE", "host@sha256:12", "the base is 'host@sha256:12'; it is named by its digest")]
    [InlineData("1.2.3", "GPU", "1", "GPU needs BASE: an image with ffmpeg and with the CUDA and cuDNN")]
    [InlineData("../1", "BASE", "", "the version is '../1'; allowed are letters, digits, dots and hyphens.")]
    public async Task Images_OfAWrongVersionOrBase_AreRefusedInOneLine(string version, string variable, string value, string message)
    {
        CommandResult refused = await CommandLine.RunAsync(
            SourceTree.PathOf("infra/images/build.sh"),
            [version],
            SourceTree.PathOf("."),
            new Dictionary<string, string> { [variable] = value },
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
