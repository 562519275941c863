using System.Text.RegularExpressions;
using Xunit;

namespace Serverless.Infra;

/// <summary>The recipes of pipelines do what a person does: each step is a target of the Makefile, and none is left out.</summary>
public sealed partial class RecipeTests
{
    private static readonly string[] Steps = ["build", "test", "scan", "publish", "images", "plan", "apply", "promote", "rollback"];

    public static TheoryData<string> Recipes => ["github-actions.yml", "azure-pipelines.yml", "Jenkinsfile"];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void ARecipe_HasEveryStep_AsATargetThatThereIs(string recipe)
    {
        string[] called = [.. Called().Matches(SourceTree.Read($"infra/ci/{recipe}")).Select(match => match.Groups[1].Value).Distinct()];
        string[] targets = [.. Targets().Matches(SourceTree.Read("Makefile")).SelectMany(match => match.Groups[1].Value.Split(' '))];

        Assert.Empty(called.Except(targets));
        Assert.Equal(Steps.Order(), called.Order());
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void ARecipe_PlansBeforeItApplies_AndTriesBeforeBoth(string recipe)
    {
        string[] called = [.. Called().Matches(SourceTree.Read($"infra/ci/{recipe}")).Select(match => match.Groups[1].Value)];

        Assert.Equal(called.Distinct().Take(7), Steps.Take(7));
    }

    /// <summary>A promotion that fails leaves serving what served before: one more step back would take that away.</summary>
    [Theory]
    [MemberData(nameof(Recipes))]
    public void ARecipe_RollsBack_OnlyWhenAsked(string recipe) =>
        Assert.DoesNotMatch(@"\bfail(ed|ure)\b", SourceTree.Read($"infra/ci/{recipe}"));

    [GeneratedRegex(@"\bmake ([a-z-]+)")]
    private static partial Regex Called();

    [GeneratedRegex(@"^([a-z][a-z -]*):(?!=)", RegexOptions.Multiline)]
    private static partial Regex Targets();
}
