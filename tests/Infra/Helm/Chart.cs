using System.Text.Json;

namespace Serverless.Infra.Helm;

/// <summary>The chart of infra/helm as it is rendered for one environment, or a copy of it with an error in it.</summary>
internal static class Chart
{
    private static readonly Dictionary<string, string> NoVariables = [];

    /// <exception cref="InvalidDataException">A template cannot be rendered; the message says why.</exception>
    public static async Task<string> RenderAsync(string chart, string environment, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            chart,
            SourceTree.PathOf("tests/Infra/Helm/release.yaml"),
            Path.Combine(chart, "environments", $"{environment}.yaml"),
        ];
        CommandResult rendered = await CommandLine.RunAsync(
            SourceTree.PathOf("artifacts/infra/render"),
            arguments,
            SourceTree.Root,
            NoVariables,
            cancellationToken
        );
        return rendered.ExitCode == 0 ? rendered.Output : throw new InvalidDataException(rendered.Output);
    }

    /// <summary>What the types of Kubernetes and KEDA refuse, by the name of the file without its ending.</summary>
    public static async Task<ILookup<string, string>> CheckTypesAsync(string folder, CancellationToken cancellationToken)
    {
        string script = SourceTree.PathOf("tests/Infra/Helm/check.mjs");
        CommandResult result = await CommandLine.RunAsync("node", [script, folder], SourceTree.Root, NoVariables, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"check.mjs ended with {result.ExitCode}: {result.Output}");
        }
        return result
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(": ", 2))
            .ToLookup(parts => parts[0], parts => parts[^1]);
    }

    public static IReadOnlyList<ClusterObject> Read(string json) =>
        [
            .. JsonDocument
                .Parse(json)
                .RootElement.EnumerateArray()
                .Select(found => new ClusterObject(
                    found.GetProperty("kind").GetString()!,
                    found.GetProperty("metadata").GetProperty("name").GetString()!,
                    found
                )),
        ];
}
