using Serverless.Local.Events.Delivery;
using Xunit;

namespace Serverless.Unit.Local.Events.Delivery;

public sealed class EventFaultsTests
{
    private static readonly int[] Events = [.. Enumerable.Range(0, 1000)];

    [Fact]
    public void Apply_ByDefault_ChangesNothing() => Assert.Same(Events, new EventFaults(new FaultOptions()).Apply(Events));

    [Fact]
    public void Apply_LostEvents_LosesAboutThatMany()
    {
        IReadOnlyList<int> arriving = new EventFaults(new FaultOptions { LostEvents = 0.05 }).Apply(Events);

        Assert.InRange(arriving.Count, 920, 980);
        Assert.Equal(arriving.Count, arriving.Distinct().Count());
    }

    [Fact]
    public void Apply_EventCopies_RepeatsEachAndShuffles()
    {
        IReadOnlyList<int> arriving = new EventFaults(new FaultOptions { EventCopies = 3 }).Apply(Events);

        Assert.All(arriving.GroupBy(one => one), copies => Assert.Equal(3, copies.Count()));
        Assert.NotEqual(arriving, arriving.Order());
    }
}
