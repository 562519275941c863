using System.Text.Json;
using Serverless.Storage;

namespace Serverless.Ingest.Health;

/// <summary>The reports that lie in one store, each a small object. Thread-safe.</summary>
public sealed class MemberReports(IObjectStore store, TimeProvider time)
{
    /// <summary>What was not renewed for so long tells nothing any more.</summary>
    public static readonly TimeSpan ForgottenAfter = TimeSpan.FromHours(1);

    private const int MaxBytes = 64 << 10;

    /// <summary>Of more reporters than a system has, the newest are told of.</summary>
    private const int MaxRead = 100;

    private const string Suffix = ".json";

    /// <param name="next">After how long the next one comes.</param>
    /// <param name="members">Bounded by who reports: a report of more than 64 KiB is not read.</param>
    public async Task WriteAsync(string reporter, TimeSpan next, IReadOnlyList<ReportedMember> members, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        MemberReport report = new(reporter, now, now + next, members);
        using Stream body = AssetsJson.Write(report).ToStream();
        await store.WriteAsync(PathOf(reporter), body, WriteCondition.Always, StoredJson.ContentType, cancellationToken);
    }

    public Task RemoveAsync(string reporter, CancellationToken cancellationToken) => store.DeleteAsync(PathOf(reporter), cancellationToken);

    /// <summary>Removes what reporters left behind that ended without a word and did not come back.</summary>
    public async Task RemoveForgottenAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        await foreach (StoredObject found in store.ListAsync(AssetLayout.MembersPrefix, cancellationToken))
        {
            if (now - found.LastModified > ForgottenAfter)
            {
                await store.DeleteAsync(found.Path, cancellationToken);
            }
        }
    }

    /// <summary>Those that are not forgotten. One that cannot be read has no members, and is as late as it is old.</summary>
    public async Task<IReadOnlyList<MemberReport>> ReadAsync(CancellationToken cancellationToken)
    {
        List<StoredObject> found = [];
        await foreach (StoredObject one in store.ListAsync(AssetLayout.MembersPrefix, cancellationToken))
        {
            found.Add(one);
        }
        DateTimeOffset now = time.GetUtcNow();
        MemberReport?[] reports = await Task.WhenAll(
            found
                .Where(one => now - one.LastModified <= ForgottenAfter)
                .OrderByDescending(one => one.LastModified)
                .Take(MaxRead)
                .Select(one => ReadAsync(one, cancellationToken))
        );
        return [.. reports.OfType<MemberReport>().OrderBy(report => report.Reporter, StringComparer.Ordinal)];
    }

    /// <summary>Null where it was removed meanwhile.</summary>
    private async Task<MemberReport?> ReadAsync(StoredObject found, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadAsync(found.Path, MaxBytes, cancellationToken) is { } content
                ? AssetsJson.Read<MemberReport>(content.Data)
                : null;
        }
        catch (Exception e) when (e is JsonException or ObjectTooLargeException)
        {
            string reporter = found.Path[AssetLayout.MembersPrefix.Length..].Replace(Suffix, "", StringComparison.Ordinal);
            return new MemberReport(reporter, found.LastModified, found.LastModified, []);
        }
    }

    /// <summary>A name may hold what a store takes in no key.</summary>
    private static string PathOf(string reporter) =>
        $"{AssetLayout.MembersPrefix}{string.Concat(reporter.Take(100).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'))}{Suffix}";
}
