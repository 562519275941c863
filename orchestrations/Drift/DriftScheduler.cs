using Microsoft.DurableTask.Client;
using Serverless.Drift;
using Serverless.Drift.Checks;

namespace Serverless.Orchestrations.Drift;

/// <summary>Starts checks and names them; the same check is one run however often it is asked for.</summary>
public static class DriftScheduler
{
    public const string IdPrefix = "drift-";
    public const string BackfillPrefix = "backfill-drift-";

    public static async Task<string> StartAsync(this DurableTaskClient client, DriftCheckInput input, CancellationToken cancellationToken)
    {
        string id = IdPrefix + NameOf(input.Request.Subject, input.Request.Name());
        await client.ScheduleOnceAsync(nameof(CheckDrift), input, id, cancellationToken);
        return id;
    }

    public static async Task<string> StartAsync(this DurableTaskClient client, BackfillInput input, CancellationToken cancellationToken)
    {
        string id = BackfillPrefix + NameOf(input.Subject, $"{input.Window.From:yyyyMMddHH}-{input.Until:yyyyMMddHH}");
        await client.ScheduleOnceAsync(nameof(BackfillDrift), input, id, cancellationToken);
        return id;
    }

    private static string NameOf(DriftSubject subject, string name) => $"{subject.Environment}-{subject.Model}-{subject.Version}-{name}";
}
