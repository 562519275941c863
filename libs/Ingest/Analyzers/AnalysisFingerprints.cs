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
    TextAnalyzer texts,
    ImageAnalyzer images,
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

    private readonly string _text = Of(texts.Models, new { options.PassageTokens, Text = textOptions });

    private readonly string _image = Of(
        images.Models,
        new
        {
            options.Labels,
            options.ThumbnailPixels,
            options.DecodePixels,
        }
    );

    private readonly string _video = Of(
        images.Models,
        new
        {
            options.Labels,
            videoOptions.FramePixels,
            Shots = shotOptions,
        }
    );

    public string this[MediaKind kind] =>
        kind switch
        {
            MediaKind.Text => _text,
            MediaKind.Image => _image,
            _ => _video,
        };

    private static string Of<T>(IReadOnlyList<ModelUse> models, T options) =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                StoredJson
                    .Write(
                        new
                        {
                            Code,
                            Models = models,
                            Options = options,
                        }
                    )
                    .ToMemory()
                    .Span
            )
        );
}
