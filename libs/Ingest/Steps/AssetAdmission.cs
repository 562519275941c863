using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Ledgers;
using Serverless.Media;
using Serverless.Media.Images;
using Serverless.Media.Text;
using Serverless.Storage;

namespace Serverless.Ingest.Steps;

/// <summary>
/// The first step of every asset version: enters it in the ledger and decides by its first bytes where it goes. Reads no more than the
/// head, of an archive also the end, and only of exactly the version that was announced. Idempotent by source and run; thread-safe.
/// </summary>
public sealed class AssetAdmission(
    AssetStores stores,
    Ledger ledger,
    AnalysisOptions options,
    TextOptions textOptions,
    ImageOptions imageOptions
)
{
    /// <param name="run">1, or more when a result is to be tried for anew.</param>
    public async Task<Admission> AdmitAsync(AssetSource source, int run, CancellationToken cancellationToken)
    {
        try
        {
            ObjectContent? head = await stores[source.Store]
                .ReadHeadAsync(stores.PathOf(source), MediaSniffer.HeadBytes, cancellationToken);
            if (head is null)
            {
                return await EndAsync(source, AdmissionVerdict.Gone, cancellationToken);
            }
            if (head.Object.Version != source.Version)
            {
                return await EndAsync(source, AdmissionVerdict.Superseded, cancellationToken);
            }
            MediaVerdict verdict = await SniffAsync(source, head, cancellationToken);
            return await EnterAsync(source, run, verdict, head.Object.Length, cancellationToken);
        }
        catch (ObjectMissingException e) when (e.Path == stores.PathOf(source))
        {
            return await EndAsync(source, AdmissionVerdict.Gone, cancellationToken);
        }
        catch (ObjectChangedException e) when (e.Path == stores.PathOf(source))
        {
            return await EndAsync(source, AdmissionVerdict.Superseded, cancellationToken);
        }
        catch (ObjectPathException e)
        {
            // A name that cannot be asked for again, such as one with the folder "..": its bytes are never read.
            MediaVerdict unread = new(null, "application/octet-stream", e.Message);
            return await EnterAsync(source, run, unread, 0, cancellationToken);
        }
    }

    private async Task<MediaVerdict> SniffAsync(AssetSource source, ObjectContent content, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> head = content.Data.ToMemory();
        long length = content.Object.Length;
        if (!MediaSniffer.WantsTail(head.Span, length))
        {
            return MediaSniffer.Sniff(head.Span, length);
        }
        byte[] tail = new byte[Math.Min(length, MediaSniffer.TailBytes)];
        await using Stream stream = await stores[source.Store]
            .OpenAsync(stores.PathOf(source), source.Version, length - tail.Length, cancellationToken);
        await stream.ReadExactlyAsync(tail, cancellationToken);
        return MediaSniffer.Sniff(head.Span, length, tail);
    }

    private async Task<Admission> EnterAsync(
        AssetSource source,
        int run,
        MediaVerdict verdict,
        long length,
        CancellationToken cancellationToken
    )
    {
        LedgerEntry entry = await ledger.UpdateAsync(
            source,
            (known, now) => known.Begin(run, verdict.Kind, verdict.MediaType, length, now),
            cancellationToken,
            isNew: run == 1
        );
        if (entry.State != AssetState.Processing)
        {
            return new Admission(AdmissionVerdict.Settled);
        }
        if (verdict.Kind is not { } kind)
        {
            return Refuse(entry, FailureKind.Unsupported, verdict.Refusal ?? verdict.MediaType);
        }
        if (OverLimit(kind, length) is { } reason)
        {
            return Refuse(entry, FailureKind.TooLarge, reason);
        }

        bool asJob = kind == MediaKind.Video || kind == MediaKind.Text && length > options.LongDocumentBytes;
        return new Admission(
            asJob ? AdmissionVerdict.AsJob : AdmissionVerdict.AtOnce,
            entry.Attempts,
            new AnalysisRequest(source, kind, verdict.MediaType, length, entry.Attempts, entry.Registered)
        );
    }

    private static Admission Refuse(LedgerEntry entry, string kind, string message) =>
        new(AdmissionVerdict.Refused, entry.Attempts, Failure: new Failure(kind, message, Retryable: false));

    private string? OverLimit(MediaKind kind, long length)
    {
        long limit = kind switch
        {
            MediaKind.Text => textOptions.MaxBytes,
            MediaKind.Image => imageOptions.MaxBytes,
            _ => options.MaxVideoBytes,
        };
        return length <= limit ? null : $"Found {EntryKind.Of(kind)} of {length:N0} bytes; allowed are {limit:N0}.";
    }

    private async Task<Admission> EndAsync(AssetSource source, AdmissionVerdict verdict, CancellationToken cancellationToken)
    {
        await ledger.UpdateAsync(
            source,
            (known, now) => verdict == AdmissionVerdict.Gone ? known.Vanish(now) : known.Supersede(now),
            cancellationToken
        );
        return new Admission(verdict);
    }
}
