using System.Globalization;
using System.Security.Cryptography;
using Microsoft.DurableTask.Client;
using Serverless.Storage;

namespace Serverless.Orchestrations.Exports;

/// <summary>Starts exports and names their runs; the same export asked for at the same moment is one run.</summary>
public static class ExportScheduler
{
    public const string IdPrefix = "export-";

    private const int DigestCharacters = 16;

    public static async Task<string> StartAsync(
        this DurableTaskClient client,
        ExportInput input,
        DateTimeOffset asked,
        CancellationToken cancellationToken
    )
    {
        string digest = Convert.ToHexStringLower(SHA256.HashData(StoredJson.Write(input)))[..DigestCharacters];
        string id = string.Create(CultureInfo.InvariantCulture, $"{IdPrefix}{input.Plan.Name}-{asked.UtcDateTime:yyyyMMddHHmmss}-{digest}");
        await client.ScheduleOnceAsync(nameof(ExportData), input, id, cancellationToken);
        return id;
    }
}
