using Serverless.Inference.Images;
using Serverless.Inference.Serving.Lanes;
using Serverless.Inference.Sessions;
using Serverless.Inference.Text;
using Serverless.Packages;

namespace Serverless.Inference.Serving;

/// <summary>What a model is for: each method is for models of its task and refuses others.</summary>
public sealed partial class ServedModel
{
    /// <summary>One vector for each text; the zero vector for a text without tokens.</summary>
    public Task<ServedAnswer<float[][]>> EmbedAsync(IReadOnlyList<string> given, RequestTerms terms, CancellationToken cancellationToken) =>
        MeasureAsync("embed", async watch =>
        {
            TextEmbedder embedder = For<TextEmbedder>(ModelTask.TextEmbedding);
            TokenSequences sequences = embedder.Encoder.Encode(given);
            float[][] vectors = [.. given.Select(_ => new float[embedder.Dimensions])];
            await RunAsync(
                    sequences,
                    (item, values, shape) => vectors[item] = embedder.Vector(values, shape, sequences.Length(item)),
                    watch,
                    terms,
                    cancellationToken
                )
                .ConfigureAwait(false);
            return vectors;
        });

    public Task<ServedAnswer<float[][]>> EmbedAsync(
        IReadOnlyList<RgbImage> given,
        RequestTerms terms,
        CancellationToken cancellationToken
    ) => MeasureAsync("embed", async watch =>
        {
            ImageEmbedder embedder = For<ImageEmbedder>(ModelTask.ImageEmbedding);
            float[][] vectors = new float[given.Count][];
            await RunAsync(given, (item, values, shape) => vectors[item] = embedder.Vector(values, shape), watch, terms, cancellationToken)
                .ConfigureAwait(false);
            return vectors;
        });

    /// <summary>The entities of each text, in the order of the text; texts may be longer than the model's window.</summary>
    public Task<ServedAnswer<IReadOnlyList<EntitySpan>[]>> EntitiesAsync(
        IReadOnlyList<string> given,
        RequestTerms terms,
        CancellationToken cancellationToken
    ) => MeasureAsync("entities", async watch =>
        {
            EntityRecognizer recognizer = For<EntityRecognizer>(ModelTask.TokenClassification);
            TextWindows windows = recognizer.Encoder.EncodeWindows(given);
            var tokens = new LabelledToken[windows.TokenCount];
            await RunAsync(
                    windows.Sequences,
                    (window, values, _) => recognizer.Label(windows, window, values, tokens),
                    watch,
                    terms,
                    cancellationToken
                )
                .ConfigureAwait(false);
            return recognizer.Aggregate(given, windows, tokens);
        });

    /// <summary>The best labels of each text, highest score first; none of a text without tokens.</summary>
    public Task<ServedAnswer<LabelScore[][]>> ClassifyAsync(
        IReadOnlyList<string> given,
        int top,
        RequestTerms terms,
        CancellationToken cancellationToken
    ) => MeasureAsync("classify", async watch =>
        {
            TextClassifier classifier = For<TextClassifier>(ModelTask.TextClassification);
            AtLeastOne(top, "top");
            LabelScore[][] labels = [.. given.Select(_ => Array.Empty<LabelScore>())];
            await RunAsync(
                    classifier.Encoder.Encode(given),
                    (item, values, _) => labels[item] = classifier.Best(values, top),
                    watch,
                    terms,
                    cancellationToken
                )
                .ConfigureAwait(false);
            return labels;
        });

    public Task<ServedAnswer<LabelScore[][]>> ClassifyAsync(
        IReadOnlyList<RgbImage> given,
        int top,
        RequestTerms terms,
        CancellationToken cancellationToken
    ) => MeasureAsync("classify", async watch =>
        {
            ImageClassifier classifier = For<ImageClassifier>(ModelTask.ImageClassification);
            AtLeastOne(top, "top");
            var labels = new LabelScore[given.Count][];
            await RunAsync(given, (item, values, _) => labels[item] = classifier.Best(values, top), watch, terms, cancellationToken)
                .ConfigureAwait(false);
            return labels;
        });

    /// <summary>
    /// The documents by how well they answer the query, best first, of equals the earlier; all of them where topN is null.
    /// </summary>
    public Task<ServedAnswer<RankedDocument[]>> RerankAsync(
        string query,
        IReadOnlyList<string> documents,
        int? topN,
        RequestTerms terms,
        CancellationToken cancellationToken
    ) => MeasureAsync("rerank", async watch =>
        {
            CrossEncoder encoder = For<CrossEncoder>(ModelTask.Reranking);
            AtLeastOne(topN ?? 1, "topN");
            var scores = new PairScore[documents.Count];
            await RunAsync(
                    encoder.Encoder.EncodePairs(query, documents),
                    (item, values, _) => scores[item] = encoder.ScoreOf(values),
                    watch,
                    terms,
                    cancellationToken
                )
                .ConfigureAwait(false);
            return scores
                .Select((score, i) => (score.Raw, Document: new RankedDocument(i, score.Score)))
                .OrderByDescending(d => d.Raw)
                .Take(topN ?? documents.Count)
                .Select(d => d.Document)
                .ToArray();
        });

    /// <summary>What is in each image, highest score first.</summary>
    public Task<ServedAnswer<DetectedObject[][]>> DetectAsync(
        IReadOnlyList<RgbImage> given,
        DetectionChoice? choice,
        RequestTerms terms,
        CancellationToken cancellationToken
    ) => MeasureAsync("detect", async watch =>
        {
            ObjectDetector detector = For<ObjectDetector>(ModelTask.ObjectDetection);
            detector.Check(choice);
            var objects = new DetectedObject[given.Count][];
            await RunAsync(
                    given,
                    (item, values, _) => objects[item] = detector.Read(values, given[item], choice),
                    watch,
                    terms,
                    cancellationToken
                )
                .ConfigureAwait(false);
            return objects;
        });

    private static IDisposable? OpenTask(InferenceRuntime runtime, ModelPackage package, CancellationToken cancellationToken) =>
        package.Task switch
        {
            ModelTask.TextEmbedding => new TextEmbedder(runtime, package, cancellationToken),
            ModelTask.TokenClassification => new EntityRecognizer(runtime, package, cancellationToken),
            ModelTask.TextClassification => new TextClassifier(runtime, package, cancellationToken),
            ModelTask.Reranking => new CrossEncoder(runtime, package, cancellationToken),
            ModelTask.ImageEmbedding => new ImageEmbedder(runtime, package, cancellationToken),
            ModelTask.ImageClassification => new ImageClassifier(runtime, package, cancellationToken),
            ModelTask.ObjectDetection => new ObjectDetector(runtime, package, cancellationToken),
            ModelTask.TextImageEmbedding => new TextImageEmbedder(runtime, package, cancellationToken),
            _ => null,
        };

    private static TextRunner? TextRunnerOf(IDisposable? task) =>
        task switch
        {
            TextEmbedder t => t.Runner,
            EntityRecognizer t => t.Runner,
            TextClassifier t => t.Runner,
            CrossEncoder t => t.Runner,
            TextImageEmbedder t => t.Texts.Runner,
            _ => null,
        };

    private static ImageRunner? ImageRunnerOf(IDisposable? task) =>
        task switch
        {
            ImageEmbedder t => t.Runner,
            ImageClassifier t => t.Runner,
            ObjectDetector t => t.Runner,
            TextImageEmbedder t => t.Images.Runner,
            _ => null,
        };

    private T For<T>(ModelTask wanted)
        where T : class =>
        _task as T
        ?? (_task as TextImageEmbedder)?.Texts as T
        ?? (_task as TextImageEmbedder)?.Images as T
        ?? throw new ServingException(ServingFault.WrongTask, $"Model {Version} is for {Task}; the request is for {wanted}.");

    private void AtLeastOne(int value, string name)
    {
        if (value < 1)
        {
            throw new ServingException(ServingFault.InvalidInput, $"Model {Version}: found {name} {value}; expected 1 or more.");
        }
    }

    /// <summary>The sequences' memory goes back when all of them have run: what is given up midway may still be read by a run.</summary>
    private async Task RunAsync(
        TokenSequences sequences,
        OutputRowHandler take,
        RequestWatch watch,
        RequestTerms terms,
        CancellationToken cancellationToken
    )
    {
        watch.Tokens = TextEncoderOf(_task)!.Count(sequences);
        watch.Prepared();
        watch.Last = await _texts!.RunAsync(sequences, take, terms, cancellationToken).ConfigureAwait(false);
        sequences.Dispose();
    }

    private async Task RunAsync(
        IReadOnlyList<RgbImage> given,
        OutputRowHandler take,
        RequestWatch watch,
        RequestTerms terms,
        CancellationToken cancellationToken
    )
    {
        watch.Prepared();
        watch.Last = await _images!.RunAsync(given, take, terms, cancellationToken).ConfigureAwait(false);
    }
}
