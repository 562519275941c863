using System.Globalization;
using System.Text.RegularExpressions;

namespace Serverless.Local.Stack.Simulate;

/// <summary>The numbers by which gpu-batch scales, as infra/ has them.</summary>
/// <param name="Place">The file that has them.</param>
/// <param name="Most">Replicas, executions or workers at most.</param>
internal sealed record CommittedFleet(string Environment, string Place, int Most)
{
    /// <summary>Of the chart and both clouds, for an environment.</summary>
    /// <exception cref="StackException">One is not there.</exception>
    public static IReadOnlyList<CommittedFleet> Read(string root, string environment) =>
        [
            Of(root, environment, $"infra/helm/environments/{environment}.yaml", @"gpuBatch:\s+maxReplicas: (\d+)"),
            Of(root, environment, $"infra/azure/{environment}/main.tf", @"max_executions\s+= (\d+)"),
            Of(root, environment, $"infra/aws/{environment}/main.tf", @"max_workers\s+= (\d+)"),
        ];

    private static CommittedFleet Of(string root, string environment, string place, string pattern)
    {
        string file = Path.Combine(root, place);
        Match found = File.Exists(file) ? Regex.Match(File.ReadAllText(file), pattern) : Match.Empty;
        return found.Success
            ? new CommittedFleet(environment, place, int.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
            : throw new StackException($"{file} has no number of workers; expected is {pattern}.", 2);
    }
}
