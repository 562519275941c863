using System.Collections.Concurrent;
using System.Reflection;
using Serverless;
using Xunit;
using Xunit.v3;

[assembly: TimeLimit]

namespace Serverless;

/// <summary>Cancels a test that takes far too long, so that what it waits for in vain fails it by its name and holds up nothing else.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class TimeLimitAttribute : BeforeAfterTestAttribute
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private readonly ConcurrentDictionary<string, Timer> _running = [];

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        ITestContext context = TestContext.Current;
        _running[test.UniqueID] = new Timer(_ =>
        {
            context.SendDiagnosticMessage("{0} is cancelled: it has taken {1}.", test.TestDisplayName, Limit);
            context.CancelCurrentTest();
        }, null, Limit, Timeout.InfiniteTimeSpan);
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (_running.TryRemove(test.UniqueID, out Timer? timer)) timer.Dispose();
    }
}
