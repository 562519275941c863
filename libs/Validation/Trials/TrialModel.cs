using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Packages;
using Serverless.Statistics.Metrics;
using Serverless.Validation.Golden;

namespace Serverless.Validation.Trials;

/// <summary>A model of any task, asked by items.</summary>
internal sealed class TrialModel : IDisposable
{
    private readonly Func<IReadOnlyList<TrialItem>, IReadOnlyList<ItemAnswer>> _answer;
    private readonly IDisposable? _task;

    private TrialModel(ModelTask kind, RawModel raw, IDisposable? task, Func<IReadOnlyList<TrialItem>, IReadOnlyList<ItemAnswer>> answer) =>
        (Task, Raw, _task, _answer) = (kind, raw, task, answer);

    public ModelTask Task { get; }

    /// <summary>The same session by its tensors.</summary>
    public RawModel Raw { get; }

    public bool TakesPictures => Task is ModelTask.ImageClassification or ModelTask.ImageEmbedding or ModelTask.ObjectDetection;

    public bool TakesTexts => !TakesPictures && Task != ModelTask.Tensors;

    /// <exception cref="ModelRejectedException">It cannot be opened, or does not answer a first input.</exception>
    public static TrialModel Open(ModelPackage package, InferenceRuntime runtime)
    {
        RawModel raw = new(runtime, package);
        switch (package.Task)
        {
            case ModelTask.TextClassification:
                TextClassifier texts = new(runtime, package);
                return new(package.Task, raw, texts, i =>
                    Labelled(texts.Classify([.. i.Select(t => t.Item.Text!)], texts.Labels.Count, default), texts.Labels)
                );
            case ModelTask.ImageClassification:
                ImageClassifier images = new(runtime, package);
                return new(package.Task, raw, images, i =>
                    Labelled(images.Classify([.. i.Select(p => p.Picture!.Value)], images.Labels.Count, default), images.Labels)
                );
            case ModelTask.TokenClassification:
                EntityRecognizer entities = new(runtime, package);
                return new(package.Task, raw, entities, i =>
                    [.. entities.Recognize([.. i.Select(t => t.Item.Text!)], default).Select(Marked)]
                );
            case ModelTask.Reranking:
                CrossEncoder ranker = new(runtime, package);
                return new(package.Task, raw, ranker, i =>
                    [.. i.Select(q => Ranked(ranker.Score(q.Item.Text!, q.Item.Documents!, default)))]
                );
            case ModelTask.ObjectDetection:
                ObjectDetector detector = new(runtime, package);
                return new(package.Task, raw, detector, i =>
                    [.. detector.Detect([.. i.Select(p => p.Picture!.Value)], null, default).Zip(i, Boxed)]
                );
            case ModelTask.TextEmbedding:
                TextEmbedder embedder = new(runtime, package);
                return new(package.Task, raw, embedder, i =>
                    Embedded(i, embedder.Embed([.. i.SelectMany(t => (t.Item.Documents ?? []).Prepend(t.Item.Text!))], default))
                );
            case ModelTask.ImageEmbedding:
                ImageEmbedder pictures = new(runtime, package);
                return new(package.Task, raw, pictures, i =>
                    Embedded(i, pictures.Embed([.. i.SelectMany(p => (p.Documents ?? []).Prepend(p.Picture!.Value))], default))
                );
            case ModelTask.TextImageEmbedding:
                TextImageEmbedder both = new(runtime, package);
                return new(package.Task, raw, both, i => Embedded(i, [.. i.SelectMany(t => TextAndPictures(both, t))]));
            default:
                raw.Warm();
                return new(package.Task, raw, null, i => [.. i.Select(t => TrialTensors.Answer(raw, t.Item))]);
        }
    }

    /// <summary>All items as one batch.</summary>
    /// <exception cref="ModelFaultException">The model failed, or gave numbers that are none, for at least one of them.</exception>
    public IReadOnlyList<ItemAnswer> Answer(IReadOnlyList<TrialItem> items) => _answer(items);

    /// <summary>The fault of one item spoils no other.</summary>
    public IReadOnlyList<ItemAnswer> AnswerEach(IReadOnlyList<TrialItem> items)
    {
        try
        {
            return Answer(items);
        }
        catch (Exception e) when (e is ModelFaultException or ServingException)
        {
            return items.Count == 1 ? [new ItemAnswer { Fault = e.Message }] : [.. items.SelectMany(item => AnswerEach([item]))];
        }
    }

    public void Dispose()
    {
        _task?.Dispose();
        Raw.Dispose();
    }

    private static List<ItemAnswer> Labelled(IReadOnlyList<IReadOnlyList<LabelScore>> found, IReadOnlyList<string> labels)
    {
        Dictionary<string, int> places = labels
            .Select((label, i) => (label, i))
            .DistinctBy(l => l.label)
            .ToDictionary(l => l.label, l => l.i, StringComparer.Ordinal);
        return
        [
            .. found.Select(scores =>
            {
                float[] numbers = new float[labels.Count];
                foreach (LabelScore score in scores)
                {
                    numbers[places[score.Label]] = score.Score;
                }
                return new ItemAnswer { Label = scores.Count > 0 ? scores[0].Label : null, Numbers = numbers };
            }),
        ];
    }

    private static ItemAnswer Marked(IReadOnlyList<EntitySpan> spans) =>
        new()
        {
            Entities = [.. spans.Select(s => new GoldenSpan(s.Start, s.Length, s.Type))],
            Numbers = [.. spans.SelectMany(s => (float[])[s.Start, s.Length, s.Type.Sum(c => c), s.Score])],
        };

    private static ItemAnswer Ranked(PairScore[] scores) =>
        new() { Scores = [.. scores.Select(s => (double)s.Raw)], Numbers = [.. scores.Select(s => s.Score)] };

    private static ItemAnswer Boxed(IReadOnlyList<DetectedObject> boxes, TrialItem item) =>
        new()
        {
            Boxes =
            [
                .. boxes.Select(b => new FoundBox(
                    new GoldenBox(b.X * item.Scale, b.Y * item.Scale, b.Width * item.Scale, b.Height * item.Scale, b.Label),
                    b.Score
                )),
            ],
            Numbers =
            [
                .. boxes.SelectMany(b =>
                    (float[])
                        [
                            b.X / item.Picture!.Value.Width,
                            b.Y / item.Picture.Value.Height,
                            b.Width / item.Picture.Value.Width,
                            b.Height / item.Picture.Value.Height,
                            b.Score,
                        ]
                ),
            ],
        };

    private static IEnumerable<float[]> TextAndPictures(TextImageEmbedder both, TrialItem item) =>
        [.. both.Texts.Embed([item.Item.Text!], default), .. both.Images.Embed([.. item.Documents ?? []], default)];

    /// <summary>Vectors come item by item, each item's own before those of its documents.</summary>
    private static List<ItemAnswer> Embedded(IReadOnlyList<TrialItem> items, float[][] vectors)
    {
        List<ItemAnswer> answers = [];
        int at = 0;
        foreach (TrialItem item in items)
        {
            float[] own = vectors[at++];
            int documents = item.Item.Documents?.Count ?? 0;
            answers.Add(
                new ItemAnswer
                {
                    Scores = documents == 0 ? null : [.. vectors[at..(at + documents)].Select(d => Similarity.Cosine(own, d))],
                    Cosine = item.Item.Vector is { } wanted ? CosineTo(own, wanted) : null,
                    Fault =
                        item.Item.Vector is { } vector && vector.Count != own.Length
                            ? $"The vector has {own.Length} dimensions; the reference has {vector.Count}."
                            : null,
                    Numbers = own,
                }
            );
            at += documents;
        }
        return answers;
    }

    private static double CosineTo(float[] own, IReadOnlyList<float> wanted) =>
        wanted.Count == own.Length ? Similarity.Cosine(own, [.. wanted]) : 0;
}
