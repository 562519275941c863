using System.Globalization;
using System.Security.Cryptography;
using Microsoft.DurableTask.Client;
using Serverless.Storage;

namespace Serverless.Orchestrations.Retraining;

/// <summary>Starts retrainings and names their runs; the same one asked for at the same moment is one run.</summary>
public static class RetrainScheduler
{
    public const string IdPrefix = "retrain-";

    private const int DigestCharacters = 16;

    public static async Task<string> StartAsync(this DurableTaskClient client, RetrainInput input, CancellationToken cancellationToken)
    {
        string digest = Convert.ToHexStringLower(SHA256.HashData(StoredJson.Write(input)))[..DigestCharacters];
        string id = string.Create(CultureInfo.InvariantCulture, $"{IdPrefix}{input.Into}-{input.At.UtcDateTime:yyyyMMddHHmmss}-{digest}");
        await client.ScheduleOnceAsync(nameof(Retrain), input, id, cancellationToken);
        return id;
    }
}
