using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Serverless.Ingest;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Backups;
using Xunit;

namespace Serverless.EndToEnd.Drills;

/// <summary>What a backup that was made while the system worked brings back, and what is said of the rest.</summary>
public sealed class RestoreDrillTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// First Azurite's data is lost, then the whole machine. What was uploaded to the bucket since the backup is still there the first
    /// time, and is mended; what was uploaded to Azurite since is in no store: the runs that are left name it. What was erased since comes
    /// back, until the list of erasures, which outlives both, is brought back too.
    /// </summary>
    [Fact]
    public async Task AMachine_ThatLosesItsData_IsRestored_AndWhatIsSinceIsMendedOrNamed()
    {
        StackOptions options = OwnStack.Options("restore-drill", ("Reconcile:AnswerWithin", "00:00:00"));
        string backup = options.DataDirectory + "-backup";
        DeleteIfThere(backup);
        AssetSource[] before,
            during,
            after;
        BackupManifest manifest;
        JsonElement erasures;
        await using (LocalStack stack = await OwnStack.StartAsync(options))
        {
            using PipelineClient client = new(stack);
            before = [.. await Uploads.TextsAsync(client, 8, Cancellation)];
            await Settled.NothingMissingAsync(client, 8, Limit, Cancellation);
            // At work while it is copied.
            during = [.. await Uploads.SamplesAsync(client, 6, Cancellation)];
            manifest = await StackBackup.MakeAsync(
                options.DataDirectory,
                backup,
                new Progress<string>(),
                TimeProvider.System,
                Cancellation
            );
            after = [.. await UploadAsync(client, "since", 6)];
            await Settled.NothingMissingAsync(client, 20, Limit, Cancellation);
            erasures = await EraseAsync(client, before[..2]);
        }
        AssetSource[] erased = before[..2];
        before = before[2..];
        AssetSource[] lost = [.. after.Where(upload => upload.Store == "azure")];
        AssetSource[] kept = [.. before, .. during, .. after.Except(lost)];

        Directory.Delete(Path.Combine(options.DataDirectory, "azurite"), recursive: true);
        await RestoreAsync(manifest, backup, options, replace: true, BackupPart.Azurite);
        await using (LocalStack stack = await LocalStack.StartAsync(options, TimeProvider.System, Cancellation))
        {
            using PipelineClient client = new(stack);
            Assert.Equal(erased.Count(one => one.Store == "azure"), await BringBackAsync(client, erasures));

            string[] named = await ReconcileAsync(client, manifest.Started);

            Assert.Equal(lost.Select(upload => $"azure:{upload.Key}").Order(StringComparer.Ordinal), named);
            await AllAreThereOnceAsync(client, kept);
        }

        Directory.Delete(options.DataDirectory, recursive: true);
        await RestoreAsync(manifest, backup, options, replace: false, [.. BackupPart.All]);
        await using (LocalStack stack = await LocalStack.StartAsync(options, TimeProvider.System, Cancellation))
        {
            using PipelineClient client = new(stack);
            Assert.Equal(erased.Length, await BringBackAsync(client, erasures));
            await ReconcileAsync(client, manifest.Started);
            await AllAreThereOnceAsync(client, [.. before, .. during]);
            await AllAreGoneAsync(client, erased);

            // Of the rest nothing on this machine knows: whoever has it uploads it again, and it is as if it had never been there.
            after = [.. await UploadAsync(client, "since", 6)];
            await AllAreThereOnceAsync(client, [.. before, .. during, .. after]);
        }
    }

    private static async Task AllAreThereOnceAsync(PipelineClient client, AssetSource[] uploads)
    {
        SummaryAnswer summary = await Settled.NothingMissingAsync(client, uploads.Length, Limit, Cancellation);
        Assert.Equal(uploads.Length, summary.Total.Processed);
        await Settled.AnalysedOnceAsync(client, uploads, Cancellation);
    }

    /// <summary>What the list of erasures says then.</summary>
    private static async Task<JsonElement> EraseAsync(PipelineClient client, AssetSource[] uploads)
    {
        foreach (AssetSource upload in uploads)
        {
            using HttpRequestMessage erase = new(HttpMethod.Delete, $"assets/{upload.AssetId}");
            erase.Headers.Add("X-Requested-By", "tests");
            using HttpResponseMessage erased = await client.Http.SendAsync(erase, Cancellation);
            Assert.True(erased.IsSuccessStatusCode, await erased.Content.ReadAsStringAsync(Cancellation));
        }
        return await client.Http.GetFromJsonAsync<JsonElement>("erasures", Cancellation);
    }

    /// <summary>How many of them were not known.</summary>
    private static async Task<int> BringBackAsync(PipelineClient client, JsonElement erasures)
    {
        using HttpRequestMessage bring = new(HttpMethod.Post, "erasures")
        {
            Headers = { { "X-Requested-By", "tests" } },
            Content = JsonContent.Create(new { items = erasures.GetProperty("items") }),
        };
        using HttpResponseMessage brought = await client.Http.SendAsync(bring, Cancellation);
        JsonElement answer = await brought.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True(brought.IsSuccessStatusCode, answer.GetRawText());
        return answer.GetProperty("kept").GetInt32();
    }

    private static async Task AllAreGoneAsync(PipelineClient client, AssetSource[] uploads)
    {
        foreach (AssetSource upload in uploads)
        {
            using HttpResponseMessage shown = await client.Http.GetAsync($"assets/{upload.AssetId}", Cancellation);
            Assert.Equal(HttpStatusCode.Gone, shown.StatusCode);
        }
    }

    private static async Task<List<AssetSource>> UploadAsync(PipelineClient client, string name, int count)
    {
        List<AssetSource> uploads = [];
        for (int i = 0; i < count; i++)
        {
            byte[] text = Encoding.UTF8.GetBytes($"Letter {i} to the council of Nordhaven, of the day after.");
            uploads.Add(await PipelineClient.UploadAsync(client.Stores[i % 2], $"{name}/{i}.txt", text, Cancellation));
        }
        return uploads;
    }

    private static Task<string?> RestoreAsync(
        BackupManifest manifest,
        string backup,
        StackOptions options,
        bool replace,
        params BackupPart[] parts
    ) =>
        StackRestore.RunAsync(
            manifest,
            backup,
            options.DataDirectory,
            parts,
            replace,
            new Progress<string>(),
            TimeProvider.System,
            Cancellation
        );

    /// <summary>What it names as lost, as store:key.</summary>
    private static async Task<string[]> ReconcileAsync(PipelineClient client, DateTimeOffset since)
    {
        IReadOnlyList<ReconcileSeen> reports = await client.ReconcileAsync(since, Cancellation);
        return [.. reports.SelectMany(report => report.Lost!.Select(key => $"{report.Store}:{key}"))];
    }

    private static void DeleteIfThere(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
