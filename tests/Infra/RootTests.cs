using System.Text.RegularExpressions;
using Serverless.Infra.Terraform;
using Xunit;

namespace Serverless.Infra;

public sealed partial class RootTests
{
    public static TheoryData<string> Clouds => ["azure", "aws"];

    [Theory]
    [MemberData(nameof(Clouds))]
    public void Environments_DifferInParametersOnly(string cloud)
    {
        string[] roots = [.. Root.All.Where(root => root.Cloud == cloud).Select(root => $"infra/{root}")];

        Assert.Single(roots.Select(root => SourceTree.Read($"{root}/variables.tf")).Distinct());
        Assert.Single(roots.Select(root => WithoutParameters(SourceTree.Read($"{root}/main.tf"))).Distinct());
    }

    [Fact]
    public void OneEnvironment_PublishesToTheSharedRegistry() =>
        Assert.Equal(
            ["dev"],
            Root.All.Where(root => root.Cloud == "azure")
                .Where(root => SourceTree.Read($"infra/{root}/main.tf").Contains("publishes_models   = true", StringComparison.Ordinal))
                .Select(root => root.Environment)
        );

    /// <summary>What is left once every value is taken out that is not a reference.</summary>
    private static string WithoutParameters(string text) => Value().Replace(text, "$1");

    [GeneratedRegex(@"( = )(?!var\.|module\.|\{$)[^\n]+")]
    private static partial Regex Value();
}
