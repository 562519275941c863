using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Models;
using Serverless.Serving.Work;
using Serverless.Vectors;

namespace Serverless.Ingest.Analyzers;

/// <summary>What the models see in one picture, be it an image or a keyframe.</summary>
/// <param name="ImageVectors">One for each space of images.</param>
/// <param name="CaptionVectors">One for each space of texts, so that words find pictures.</param>
public sealed record PictureAnalysis(
    IReadOnlyList<LabelFinding> Labels,
    IReadOnlyList<ObjectFinding> Objects,
    string Caption,
    IReadOnlyList<SpaceVector> ImageVectors,
    IReadOnlyList<SpaceVector> CaptionVectors,
    IReadOnlyList<ModelUse> Models,
    IReadOnlyList<ModelSpent> Spent,
    TimeSpan Inference
)
{
    public IEnumerable<SpaceVectors> Entries(string kind, string place) =>
        ImageVectors
            .Concat(CaptionVectors)
            .Select(vector => new SpaceVectors(vector.Space, [new VectorEntry(kind, place, Caption, vector.Vector)]));
}

/// <summary>Pictures → labels, objects and vectors. Thread-safe.</summary>
public sealed class ImageAnalyzer(AnalysisModels models, TextAnalyzer texts, AnalysisOptions options)
{
    /// <summary>Pixels of the shorter side below which a picture would be enlarged for one of the models.</summary>
    public async Task<int> InputSideAsync(AssetSource asset, CancellationToken cancellationToken) =>
        (await models.ChooseAsync(ModelRoles.OfPictures, asset, cancellationToken)).InputSide;

    /// <param name="film">Null of a picture by itself.</param>
    public async Task<PictureAnalysis> AnalyseAsync(
        AssetSource asset,
        SharedPicture picture,
        long encodedBytes,
        FilmFeatures? film,
        CancellationToken cancellationToken
    )
    {
        Task<IReadOnlyList<RoleAnswer<float[][]>>> embedding = AskAsync<float[][]>(ModelRole.ImageEmbedding);
        Task<IReadOnlyList<RoleAnswer<LabelScore[][]>>> labelling = AskAsync<LabelScore[][]>(ModelRole.ImageLabels);
        Task<IReadOnlyList<RoleAnswer<DetectedObject[][]>>> detection = AskAsync<DetectedObject[][]>(ModelRole.Detection);
        await Task.WhenAll(embedding, labelling, detection);
        IReadOnlyList<RoleAnswer<LabelScore[][]>> labels = await labelling;
        string caption = Caption.Of([.. LabelsOf(labels[0], null)]);
        IReadOnlyList<RoleAnswer<float[][]>> captions = await texts.EmbedAsync(asset, [caption], cancellationToken);
        IReadOnlyList<RoleAnswer<float[][]>> images = await embedding;
        IReadOnlyList<RoleAnswer<DetectedObject[][]>> objects = await detection;
        return new PictureAnalysis(
            labels.Findings(LabelsOf),
            objects.Findings(ObjectsOf),
            caption,
            VectorsOf(images),
            VectorsOf(captions),
            [.. labels.Select(a => a.Use), .. images.Select(a => a.Use), .. objects.Select(a => a.Use), .. captions.Select(a => a.Use)],
            [.. labels.Spent(), .. images.Spent(), .. objects.Spent(), .. captions.Spent()],
            labels.Inference() + images.Inference() + objects.Inference() + captions.Inference()
        );

        Task<IReadOnlyList<RoleAnswer<T>>> AskAsync<T>(ModelRole role)
            where T : class =>
            models.AskAsync(
                role,
                asset,
                _ => new PreparedInput<T>(
                    new ImageWork(picture.Pixels, picture.Original, encodedBytes, options.Labels, choice: null, picture.Lease())
                    {
                        Film = film,
                    },
                    outcome => (T)outcome!.Value
                ),
                cancellationToken
            );
    }

    private static IEnumerable<LabelFinding> LabelsOf(RoleAnswer<LabelScore[][]> answer, string? model) =>
        answer.Value[0].Select(score => new LabelFinding(score.Label, score.Score, model));

    private static IEnumerable<ObjectFinding> ObjectsOf(RoleAnswer<DetectedObject[][]> answer, string? model) =>
        answer
            .Value[0]
            .Select(found => new ObjectFinding(
                found.Label,
                found.Score,
                MathF.Round(found.X, 1),
                MathF.Round(found.Y, 1),
                MathF.Round(found.Width, 1),
                MathF.Round(found.Height, 1),
                model
            ));

    private static SpaceVector[] VectorsOf(IReadOnlyList<RoleAnswer<float[][]>> answers) =>
        [.. answers.Select(answer => new SpaceVector(answer.Space, answer.Value[0]))];
}
