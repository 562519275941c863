using Serverless.Infra.Policies;
using Serverless.Infra.Terraform;
using Xunit;

namespace Serverless.Infra;

public sealed class ValidationTests(Providers providers)
{
    public static TheoryData<Root> Roots => [.. Root.All];

    [Theory]
    [MemberData(nameof(Roots))]
    public async Task ARoot_IsValid_Applies_AndKeepsThePolicies(Root root)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        using Workspace workspace = new(root, providers.Reattach);
        await workspace.InitializeAsync(cancellationToken);

        CommandResult validated = await workspace.RunAsync(["validate", "-no-color"], cancellationToken);
        Applied applied = await workspace.ApplyAsync(cancellationToken);
        IReadOnlyList<string> findings = Policy.FindingsIn(applied);

        Assert.True(validated.ExitCode == 0, validated.Output);
        Assert.True(findings.Count == 0, string.Join("\n", findings));
        Assert.True(applied.Resources.Count > 40, $"{root} has {applied.Resources.Count} resources.");
    }
}
