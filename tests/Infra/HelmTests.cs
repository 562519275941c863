using System.Text.Json;
using Serverless.Infra.Helm;
using Xunit;

namespace Serverless.Infra;

/// <summary>The chart is rendered for each environment, and once more for each error that is planted into it.</summary>
public sealed class HelmTests : IDisposable
{
    private static readonly string Source = SourceTree.PathOf("infra/helm");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("helm-");

    [Fact]
    public async Task TheChart_IsWellTyped_AndKeepsThePolicies_InEveryEnvironment()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        List<string> findings = [];
        foreach (string environment in (string[])["dev", "qa", "prod"])
        {
            findings.AddRange(await WriteAsync(Source, environment, environment, cancellationToken));
        }

        ILookup<string, string> faults = await Chart.CheckTypesAsync(_folder.FullName, cancellationToken);

        findings.AddRange(faults.SelectMany(fault => fault));
        Assert.True(findings.Count == 0, string.Join("\n", findings));
    }

    [Fact]
    public async Task PlantedErrors_AreFound()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        Planted[] errors = JsonSerializer.Deserialize<Planted[]>(
            SourceTree.Read("tests/Infra/Planted/helm.json"),
            JsonSerializerOptions.Web
        )!;
        Dictionary<string, IEnumerable<string>> findings = [];
        foreach ((int number, Planted planted) in errors.Index())
        {
            string chart = Plant(planted, Path.Combine(_folder.FullName, $"chart{number}"));
            findings[$"case{number}"] = await WriteAsync(chart, "prod", $"case{number}", cancellationToken);
        }

        ILookup<string, string> faults = await Chart.CheckTypesAsync(_folder.FullName, cancellationToken);
        string[] missed =
        [
            .. errors
                .Index()
                .Select(error => (error.Item, Found: findings[$"case{error.Index}"].Concat(faults[$"case{error.Index}"]).ToArray()))
                .Where(error => !error.Found.Any(found => found.Contains(error.Item.Expect, StringComparison.Ordinal)))
                .Select(error => $"{error.Item.Name}: expected '{error.Item.Expect}', found {string.Join(" | ", error.Found)}"),
        ];

        Assert.True(missed.Length == 0, string.Join("\n", missed));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Renders a chart to a file for the check of types, and tells what the policies find.</summary>
    private async Task<IEnumerable<string>> WriteAsync(string chart, string environment, string name, CancellationToken cancellationToken)
    {
        try
        {
            string json = await Chart.RenderAsync(chart, environment, cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(_folder.FullName, $"{name}.json"), json, cancellationToken);
            return ChartPolicy.Check(Chart.Read(json));
        }
        catch (InvalidDataException e)
        {
            return [e.Message];
        }
    }

    private static string Plant(Planted planted, string chart)
    {
        foreach (string file in Directory.EnumerateFiles(Source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(chart, Path.GetRelativePath(Source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        string path = Path.Combine(chart, planted.File);
        string good = File.ReadAllText(path);
        Assert.True(good.Contains(planted.Find, StringComparison.Ordinal), $"{planted.Name}: {planted.File} has no '{planted.Find}'.");
        File.WriteAllText(path, good.Replace(planted.Find, planted.Put, StringComparison.Ordinal));
        return chart;
    }

    private sealed record Planted(string Name, string File, string Find, string Put, string Expect);
}
