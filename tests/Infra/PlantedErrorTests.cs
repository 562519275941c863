using System.Text.Json;
using Serverless.Infra.Policies;
using Serverless.Infra.Terraform;
using Xunit;

namespace Serverless.Infra;

/// <summary>Each error that is planted into a copy of infra/ is found: a check that finds nothing any more is seen here.</summary>
public sealed class PlantedErrorTests(Providers providers)
{
    /// <param name="Expect">Part of what must be said of it.</param>
    public sealed record Planted(string Root, string Name, string File, string Find, string Put, string Expect);

    public static TheoryData<string> Roots => ["azure/prod", "aws/prod"];

    /// <summary>All of one root in one copy, one after the other: what is initialised is the same for all.</summary>
    [Theory]
    [MemberData(nameof(Roots))]
    public async Task PlantedErrors_AreFound(string root)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        using Workspace workspace = new(new Root(root.Split('/')[0], root.Split('/')[1]), providers.Reattach);
        await workspace.InitializeAsync(cancellationToken);
        Planted[] errors = [.. Read().Where(planted => planted.Root == root)];
        List<string> missed = [];

        foreach (Planted planted in errors)
        {
            string path = workspace.PathOf(planted.File);
            string good = await File.ReadAllTextAsync(path, cancellationToken);
            Assert.True(good.Contains(planted.Find, StringComparison.Ordinal), $"{planted.Name}: {planted.File} has no '{planted.Find}'.");
            await File.WriteAllTextAsync(path, good.Replace(planted.Find, planted.Put, StringComparison.Ordinal), cancellationToken);

            IReadOnlyList<string> findings = Policy.FindingsIn(await workspace.ApplyAsync(cancellationToken));

            await File.WriteAllTextAsync(path, good, cancellationToken);
            if (!findings.Any(finding => finding.Contains(planted.Expect, StringComparison.Ordinal)))
            {
                missed.Add($"{planted.Name}: expected '{planted.Expect}', found {string.Join(" | ", findings)}");
            }
        }

        Assert.True(errors.Length > 10, $"{root} has {errors.Length} planted errors.");
        Assert.True(missed.Count == 0, string.Join("\n", missed));
    }

    private static Planted[] Read() =>
        JsonSerializer.Deserialize<Planted[]>(SourceTree.Read("tests/Infra/Planted/terraform.json"), JsonSerializerOptions.Web)!;
}
