using System.Security.Cryptography;
using Serverless.Imaging;
using Serverless.Inference;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Videos;
using Serverless.Media;
using Serverless.Media.Shots;
using Serverless.Media.Text;
using Serverless.Storage;
using Serverless.Tokenizers;

namespace Serverless.Ingest.Analyzers;

/// <summary>
/// Names what an analysis depends on beside the bytes: models, options and code. Two analyses of the same bytes with the same fingerprint
/// come out alike. Lives as long as the process.
/// </summary>
public sealed class AnalysisFingerprints(
    AnalysisOptions options,
    TextOptions textOptions,
    ShotOptions shotOptions,
    VideoAnalysisOptions videoOptions
)
{
    /// <summary>Of the assemblies that decode, cut and judge; builds are deterministic, so the same code has the same ids.</summary>
    private static readonly Guid[] Code =
    [
        .. new[] { typeof(AnalysisFingerprints), typeof(MediaKind), typeof(TextEmbedder), typeof(Resampler), typeof(Tokenizer) }.Select(
            type => type.Module.ModuleVersionId
        ),
    ];

    /// <param name="models">Those that looked, in any order.</param>
    /// <param name="sidecars">The files of subtitles beside a film.</param>
    public string Of(MediaKind kind, IEnumerable<ModelUse> models, IEnumerable<Sidecar>? sidecars = null) =>
        kind switch
        {
            MediaKind.Text => Of(models, new { options.PassageTokens, Text = textOptions }),
            MediaKind.Image => Of(
                models,
                new
                {
                    options.Labels,
                    options.ThumbnailPixels,
                    options.DecodePixels,
                }
            ),
            _ => Of(
                models,
                new
                {
                    options.Labels,
                    options.PassageTokens,
                    videoOptions.FramePixels,
                    Shots = shotOptions,
                    Sidecars = (sidecars ?? []).Select(sidecar => $"{sidecar.Key} {sidecar.Version}"),
                }
            ),
        };

    private static string Of<T>(IEnumerable<ModelUse> models, T options) =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                StoredJson
                    .Write(
                        new
                        {
                            Code,
                            Models = models
                                .Distinct()
                                .OrderBy(model => model.Role, StringComparer.Ordinal)
                                .ThenBy(model => model.Name, StringComparer.Ordinal)
                                .ThenBy(model => model.Digest, StringComparer.Ordinal),
                            Options = options,
                        }
                    )
                    .ToMemory()
                    .Span
            )
        );
}
