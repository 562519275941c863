using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Serverless.Storage;

namespace Serverless.Captures.Reports;

/// <summary>
/// Files of reports that somebody put below <c>feedback/inbox/</c>, one JSON object a line: each is taken whole, then removed, and what
/// came of it is kept below <c>feedback/results/</c>. Its captures are named by the file, so that a try that broke off is done again
/// without a trace. For one caller at a time.
/// </summary>
public sealed class OutcomeFiles(IObjectStore store, OutcomeIntake intake, TimeProvider time)
{
    public const string Inbox = "feedback/inbox/";
    public const long MaxBytes = 64 << 20;

    private const string Results = "feedback/results/";
    private const int MaxResultBytes = 1 << 20;
    private const int MaxAtOnce = 16;
    private const int MaxListed = 2_000; // of the results that are looked through for the latest
    private const int WriterCharacters = 12;

    /// <summary>The files that are there, the first by name; of many, the rest with the next look.</summary>
    /// <exception cref="SealsUnavailableException">The file stays where it is.</exception>
    public async Task<IReadOnlyList<OutcomeFileResult>> TakeAsync(ICollection<string> environments, CancellationToken cancellationToken)
    {
        List<StoredObject> found = [];
        await foreach (StoredObject file in store.ListAsync(Inbox, cancellationToken))
        {
            found.Add(file);
            if (found.Count == MaxAtOnce)
            {
                break;
            }
        }
        List<OutcomeFileResult> results = [];
        foreach (StoredObject file in found)
        {
            results.Add(await TakeAsync(file, environments, cancellationToken));
        }
        return results;
    }

    /// <summary>The latest first.</summary>
    public async Task<Listed<OutcomeFileResult>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        Queue<StoredObject> latest = new();
        await foreach (StoredObject one in store.ListAsync(Results, cancellationToken))
        {
            latest.Enqueue(one); // stores list by name, which begins with the time
            if (latest.Count > MaxListed)
            {
                latest.Dequeue();
            }
        }
        return await ListedDocuments.ReadAsync(latest.Reverse().ToAsyncEnumerable(), FindAsync, limit, cancellationToken);
    }

    private async Task<OutcomeFileResult?> FindAsync(string path, CancellationToken cancellationToken) =>
        await store.ReadAsync(path, MaxResultBytes, cancellationToken) is { } content
            ? StoredJson.Read<OutcomeFileResult>(content.Data)
            : null;

    private async Task<OutcomeFileResult> TakeAsync(
        StoredObject file,
        ICollection<string> environments,
        CancellationToken cancellationToken
    )
    {
        string key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{file.Path}\n{file.Version}")))[..WriterCharacters];
        OutcomeFile lines = new(intake, environments, file.LastModified);
        OutcomeFault[] whole = [];
        if (file.Length > MaxBytes)
        {
            whole = [new OutcomeFault(0, $"The file has {file.Length:N0} bytes; allowed are {MaxBytes:N0}. Nothing of it was taken.")];
        }
        else
        {
            await using Stream content = await store.OpenAsync(file.Path, file.Version, 0, cancellationToken);
            await lines.ReadAsync(content, cancellationToken);
        }
        foreach (((string model, int version), CaptureDraft draft) in lines.Drafts)
        {
            string path = CapturePath.Make(model, version, draft.First, draft.Last, key, sequence: 1).Path;
            using MemoryStream body = new(draft.Finish().ToArray(), writable: false);
            await store.WriteAsync(path, body, WriteCondition.Always, "application/gzip", cancellationToken);
        }
        OutcomeFileResult result = new(
            file.Path[Inbox.Length..],
            file.LastModified,
            time.GetUtcNow(),
            lines.Taken,
            lines.Rejected + whole.Length,
            [.. whole, .. lines.Faults]
        );
        await KeepAsync(result, key, cancellationToken);
        // Another file that came under the same name meanwhile stays.
        if ((await store.FindAsync(file.Path, cancellationToken))?.Version == file.Version)
        {
            await store.DeleteAsync(file.Path, cancellationToken);
        }
        return result;
    }

    private async Task KeepAsync(OutcomeFileResult result, string key, CancellationToken cancellationToken)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"{Results}{result.Received.UtcDateTime:yyyyMMdd'T'HHmmss}-{key}.json");
        using Stream body = StoredJson.Write(result).ToStream();
        await store.WriteAsync(path, body, WriteCondition.Always, StoredJson.ContentType, cancellationToken);
    }
}

/// <summary>What came of a file of reports.</summary>
/// <param name="Received">When it was put there; the time of its reports.</param>
/// <param name="Read">When it was read.</param>
/// <param name="Taken">Lines that are captured.</param>
/// <param name="Rejected">Lines that are not; of many, the first are named.</param>
public sealed record OutcomeFileResult(
    string Name,
    DateTimeOffset Received,
    DateTimeOffset Read,
    int Taken,
    int Rejected,
    IReadOnlyList<OutcomeFault> Faults
);

/// <param name="Line">From 1 on; 0 for the whole file.</param>
public sealed record OutcomeFault(int Line, string Fault);
