using System.Collections.Concurrent;
using System.Reflection;
using Serverless;
using Xunit;
using Xunit.v3;

[assembly: TimeLimit]

namespace Serverless;

/// <summary>
/// Cancels a test that takes far too long, so that what it waits for in vain fails it by its name and holds up nothing else. A test that
/// does not heed that would hold up the run for ever: the run is ended, by the test's name.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class TimeLimitAttribute : BeforeAfterTestAttribute
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan LimitOfExplicit = TimeSpan.FromMinutes(50); // they run by thousands what others run once
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(3);

    private readonly ConcurrentDictionary<string, Timer> _running = [];

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        ITestContext context = TestContext.Current;
        TimeSpan limit = test.Explicit ? LimitOfExplicit : Limit;
        bool isCancelled = false;
        _running[test.UniqueID] = new Timer(
            _ =>
            {
                if (isCancelled)
                {
                    Environment.FailFast($"{test.TestDisplayName} still runs {Grace} after it was cancelled.");
                }
                isCancelled = true;
                context.SendDiagnosticMessage("{0} is cancelled: it has taken {1}.", test.TestDisplayName, limit);
                context.CancelCurrentTest();
            },
            null,
            limit,
            Grace
        );
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (_running.TryRemove(test.UniqueID, out Timer? timer))
        {
            timer.Dispose();
        }
    }
}
