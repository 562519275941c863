using Serverless.Embedded.Runtime.Blobs;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Blobs;

public sealed class ScanPaceTests
{
    [Fact]
    public void Pace_SlowsWhileNothingIsFound_AndQuickensAgain()
    {
        var pace = new ScanPace(hasLog: false);

        var waits = new[] { 0, 0, 0, 0, 0, 0, 3, 0 }.Select(found =>
        {
            pace.Scanned(found, TimeSpan.FromMilliseconds(10));
            return pace.Next.TotalSeconds;
        });

        Assert.Equal([1, 2, 4, 8, 10, 10, 1, 2], waits);
    }

    [Fact]
    public void Pace_OfALongScan_KeepsItATwentiethOfTheTime()
    {
        var pace = new ScanPace(hasLog: true);

        pace.Scanned(found: 9, TimeSpan.FromSeconds(6));

        Assert.Equal(TimeSpan.FromSeconds(120), pace.Next);
    }
}
