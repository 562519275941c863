using Serverless.Ingest.Documents;
using Serverless.Media.Metadata;

namespace Serverless.Ingest.Analyzers;

/// <summary>What an analyzer adds to a request to make its document.</summary>
public sealed record AnalysisDraft(
    string Sha256,
    string Fingerprint,
    IReadOnlyList<EmbeddingFile> Embeddings,
    IReadOnlyList<ModelUse> Models
)
{
    public TextFindings? Text { get; init; }
    public ImageFindings? Image { get; init; }
    public VideoFindings? Video { get; init; }
    public MediaMetadata? Metadata { get; init; }

    /// <summary>In any order, a model as often as it was asked.</summary>
    public required IEnumerable<ModelSpent> Spent { get; init; }

    public AnalysisDocument ToDocument(AnalysisRequest request, AnalysisTimings timings, DateTimeOffset analysed) =>
        new()
        {
            Asset = request.Source.AssetId,
            Version = request.Source.VersionId,
            Source = request.Source,
            Sha256 = Sha256,
            Fingerprint = Fingerprint,
            Revision = request.Revision,
            Size = request.Length,
            Kind = request.Kind,
            MediaType = request.MediaType,
            Text = Text,
            Image = Image,
            Video = Video,
            Metadata = Metadata,
            Given = request.Given,
            Embeddings = Embeddings,
            Models = Models,
            Timings = timings,
            Spent = ModelSpent.Sum(Spent),
            Attempts = request.Attempt,
            Analysed = analysed,
        };
}
