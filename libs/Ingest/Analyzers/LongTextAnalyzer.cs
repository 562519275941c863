using System.Security.Cryptography;
using Serverless.Ingest.Documents;
using Serverless.Media;
using Serverless.Media.Text;
using Serverless.Storage;

namespace Serverless.Ingest.Analyzers;

/// <summary>A text of any admitted length → its analysis document, through batches that it shares with other jobs. Idempotent by version;
/// thread-safe.</summary>
public sealed class LongTextAnalyzer(
    AssetStores stores,
    TextAnalyzer texts,
    JobBatches batches,
    AnalysisWriter writer,
    AnalysisReuse reuse,
    AnalysisFingerprints fingerprints,
    TextOptions options,
    TimeProvider time
)
{
    public async Task<AnalysisOutcome> AnalyseAsync(AnalysisRequest request, TimeSpan queued, CancellationToken cancellationToken)
    {
        StageClock clock = new(time, queued);
        try
        {
            byte[] bytes = await stores.ReadAsync(request, clock, time, cancellationToken);
            string digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if (await reuse.TryAsync(request, digest, clock, cancellationToken))
            {
                return new AnalysisOutcome(AnalysisStatus.Analysed);
            }
            TextDocument document = clock.Decode(() => TextDocument.Read(bytes, request.MediaType, options, cancellationToken));
            IReadOnlyList<PassageSplitter.Passage> passages = clock.Decode(() => texts.Split(document));
            TextAnalysis found = await clock.InferAsync(() =>
                texts.AnalyseAsync(document, passages, piece => batches.Texts.RunAsync(piece, cancellationToken))
            );
            clock.StartWriting();
            EmbeddingFile vectors = await writer.WriteVectorsAsync(request, texts.Space, found.Vectors, cancellationToken);
            AnalysisDraft draft = new(digest, fingerprints[request.Kind], [vectors], texts.Models) { Text = found.Findings };
            await writer.WriteDocumentAsync(draft.ToDocument(request, clock.Read(), time.GetUtcNow()), cancellationToken);
            return new AnalysisOutcome(AnalysisStatus.Analysed);
        }
        catch (MediaRejectedException e)
        {
            return AnalysisOutcome.Refuse(FailureKind.Of(e.Fault), e.Message);
        }
        catch (ObjectMissingException e) when (e.Path == stores.PathOf(request.Source))
        {
            return new AnalysisOutcome(AnalysisStatus.Gone);
        }
        catch (ObjectChangedException e) when (e.Path == stores.PathOf(request.Source))
        {
            return new AnalysisOutcome(AnalysisStatus.Superseded);
        }
    }
}
