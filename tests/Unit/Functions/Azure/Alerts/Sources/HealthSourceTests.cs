using Serverless.Functions.Azure.Alerts.Sources;
using Serverless.Ingest.Health;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Alerts.Sources;

public sealed class HealthSourceTests
{
    [Fact]
    public void AFinding_IsAConditionOfItsThing_ExceptOfAQueueThatAnswers()
    {
        Backlog[] backlogs =
        [
            new("uploads of store s3", 1, 1, 1_000, "s3", Backlog.Uploads),
            new("queue gpu-jobs", 1, 0, 90, "azure", "gpu-jobs"),
        ];
        HealthFinding[] findings =
        [
            new("store azure", "no answer", "an answer"),
            new("member gpu-batch-1", "job a is in hand", "an end"),
            new("member gpu-batch-1", "job b is in hand", "an end"),
            new("uploads of store s3", "1 has come to no result", "a result"),
            new("queue gpu-jobs", "1 jobs wait", "a worker"),
            new("jobs of the bucket", "no answer", "an answer"),
        ];

        AlertSighting found = HealthSource.Of(backlogs, findings);

        Assert.Equal(
            ["health store azure", "health member gpu-batch-1", "stuckRun uploads of store s3", "health jobs of the bucket"],
            found.Conditions.Select(one => $"{one.Rule} {one.Subject}")
        );
        Assert.Equal("Found: job a is in hand; expected: an end. Found: job b is in hand; expected: an end.", found.Conditions[1].Summary);
        Assert.All(found.Conditions, one => Assert.True(one.Active));
        Assert.Equal(["health", "stuckRun"], found.Whole);
    }
}
