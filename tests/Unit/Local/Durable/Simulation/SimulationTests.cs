using Xunit;

namespace Serverless.Unit.Local.Durable.Simulation;

/// <summary>
/// Whatever order things happen in, and whenever a process ends, stops or cannot write: nothing is lost, doubled in effect or stuck. A
/// failure names its seed, with which it happens again.
/// </summary>
public class SimulationTests
{
    /// <summary>How many seeds find a planted bug at the latest.</summary>
    private const int MaxSeedsOfABug = 300;

    public static TheoryData<string> Bugs => [.. PlantedBug.All.Select(bug => bug.Name)];

    [Fact]
    public void NothingIsLostDoubledOrStuck() => Check(0, 1_000);

    [Fact(Explicit = true)]
    public void NothingIsLostDoubledOrStuck_InTheLarge() => Check(1_000, 10_000);

    [Theory, MemberData(nameof(Bugs))]
    public void PlantedBug_IsFound(string name)
    {
        PlantedBug bug = PlantedBug.All.Single(bug => bug.Name == name);

        Assert.Contains(Enumerable.Range(0, MaxSeedsOfABug), seed => Simulation.FaultOf(seed, bug) is not null);
    }

    private static void Check(int first, int count)
    {
        string[] faults =
        [
            .. Enumerable
                .Range(first, count)
                .AsParallel()
                .Select(seed => (Seed: seed, Fault: Simulation.FaultOf(seed)))
                .Where(life => life.Fault is not null)
                .Select(life => $"seed {life.Seed}: {life.Fault}"),
        ];
        Assert.Empty(faults);
    }
}
