using System.Text.Json;
using System.Text.RegularExpressions;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Simulate;
using Serverless.Sizing.Fleets;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Local.Stack.Simulate;

/// <summary>
/// The numbers by which gpu-batch scales are those that the simulation needs for the assumptions in infra/sizing.json: whoever changes one
/// changes the other (make simulate).
/// </summary>
public sealed class CommittedFleetTests
{
    private static readonly FleetAssumptions Assumptions = Read();

    public static TheoryData<string> Environments => [.. Assumptions.Environments.Select(demand => demand.Name)];

    [Theory, MemberData(nameof(Environments))]
    public void Infra_HasAtMostAsManyWorkers_AsTheAssumptionsNeed(string environment)
    {
        int? needed = Assumptions.Advise(environment).Most;

        Assert.All(CommittedFleet.Read(Checkout.Root, environment), fleet =>
            Assert.Equal((fleet.Place, needed), (fleet.Place, fleet.Most))
        );
    }

    [Theory]
    [InlineData("infra/helm/values.yaml", @"jobsAtOnce: (\d+)")]
    [InlineData("infra/azure/gpu-batch/main.tf", @"jobs_at_once = (\d+)")]
    [InlineData("infra/aws/gpu-batch/main.tf", @"jobs_at_once\s+= (\d+)")]
    public void Infra_CountsAsManyJobsForAWorker_AsTheAssumptions(string place, string pattern) =>
        Assert.Equal(
            $"{Assumptions.JobsAtOnce}",
            Regex.Match(File.ReadAllText(Path.Combine(Checkout.Root, place)), pattern).Groups[1].Value
        );

    [Theory]
    [InlineData("infra/helm/values.yaml", @"cooldownSeconds: (\d+)", 300)]
    [InlineData("infra/helm/templates/gpu-batch.yaml", @"pollingInterval: (\d+)", 30)]
    public void TheAssumptions_HaveTheTimesOfTheChart(string place, string pattern, double seconds)
    {
        Assert.Equal($"{seconds}", Regex.Match(File.ReadAllText(Path.Combine(Checkout.Root, place)), pattern).Groups[1].Value);
        Assert.Contains(seconds, new[] { Assumptions.ScaleInAfterSeconds, Assumptions.LookEverySeconds });
    }

    private static FleetAssumptions Read()
    {
        string file = Path.Combine(Checkout.Root, "infra", "sizing.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
        FleetAssumptions read = GivenJson.Read<FleetAssumptions>(document.RootElement);
        read.Check(file);
        return read;
    }
}
