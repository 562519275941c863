using Xunit;

namespace Serverless.Infra;

public sealed class FormatTests
{
    [Fact]
    public async Task Files_AreLaidOutAsTerraformDoes_AndOneThatIsNotIsNamed()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("infra-format-");
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "crooked.tf"),
                "locals {\n a=1\n}\n",
                TestContext.Current.CancellationToken
            );

            CommandResult ours = await CheckAsync(SourceTree.PathOf("infra")),
                crooked = await CheckAsync(folder.FullName);

            Assert.True(ours.ExitCode == 0, ours.Output);
            Assert.NotEqual(0, crooked.ExitCode);
            Assert.Contains("crooked.tf", crooked.Output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<CommandResult> CheckAsync(string folder) =>
        CommandLine.RunAsync(
            "terraform",
            ["fmt", "-check", "-recursive", "-no-color"],
            folder,
            new Dictionary<string, string>(),
            TestContext.Current.CancellationToken
        );
}
