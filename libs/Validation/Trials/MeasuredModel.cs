using System.Diagnostics;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Packages;
using Serverless.Statistics;
using Serverless.Statistics.Intervals;
using Serverless.Validation.Golden;
using Serverless.Validation.Judging;

namespace Serverless.Validation.Trials;

/// <summary>How good a model's answers to a golden set are.</summary>
/// <param name="Metric">The one that decides on its task; higher is better.</param>
/// <param name="Value">With its 95 % interval.</param>
public sealed record GoldenQuality(string Metric, Interval Value, int Items);

/// <summary>
/// A package of any task, asked item by item as predictions are, for whoever measures it. In a process of its own, since nobody may trust
/// the file. Thread-safe but for <see cref="ServeAsync"/>.
/// </summary>
public sealed class MeasuredModel : IAsyncDisposable
{
    private const int MostItems = 64;
    private const int MadeUpItems = 16;
    private const int GoldenBatch = 32;
    private const int Replicates = 2_000;

    private readonly InferenceRuntime _runtime;
    private readonly ModelPackage _package;
    private readonly IReadOnlyList<TensorSpec> _inputs;
    private TrialModel? _model;
    private TrialItem[] _items;
    private ModelServer? _server;
    private ModelLease? _lease;

    private MeasuredModel(InferenceRuntime runtime, ModelPackage package, TrialModel model) =>
        (_runtime, _package, _model, _inputs, _items) = (runtime, package, model, model.Raw.Inputs, Probes.Plain(model, MadeUpItems));

    public ModelTask Task => _package.Task;

    public string Digest => _package.Digest;

    /// <summary>"CPU" or "CUDA".</summary>
    public string Provider => _runtime.Provider;

    /// <summary>Why it is this one.</summary>
    public string ProviderReason => _runtime.ProviderReason;

    public TimeSpan LoadedIn { get; private init; }

    /// <summary>Null before <see cref="Judge"/>.</summary>
    public GoldenQuality? Quality { get; private set; }

    /// <summary>The most that the process ever had resident.</summary>
    public static long PeakBytes => Isolation.PeakBytes();

    /// <summary>It answers made-up items.</summary>
    /// <exception cref="ModelRejectedException">It cannot be opened, or does not answer a first input.</exception>
    public static MeasuredModel Open(string folder, RuntimeOptions options)
    {
        long started = Stopwatch.GetTimestamp();
        ModelPackage package = ModelPackage.Load(folder, ModelLimits.Default);
        InferenceRuntime runtime = new(options);
        TrialModel model = TrialModel.Open(package, runtime);
        return new MeasuredModel(runtime, package, model) { LoadedIn = Stopwatch.GetElapsedTime(started) };
    }

    /// <summary>Tells how good its answers to a golden set are, whose items it answers from now on; before it serves.</summary>
    /// <param name="golden">A file of lines, with its pictures beside it by their digests.</param>
    /// <exception cref="GoldenException">The set is none for the task.</exception>
    public void Judge(string golden)
    {
        TrialModel model = _model ?? throw new InvalidOperationException("The model serves; it is judged before.");
        TrialItems set = TrialItems.Open(golden, _package.Task);
        _items =
        [
            .. Enumerable
                .Range(0, Math.Min(MostItems, set.Count))
                .SelectMany(i => set.Load((int)((long)i * set.Count / Math.Min(MostItems, set.Count)), 1)),
        ];
        List<GoldenItem> items = [];
        List<ItemAnswer> answers = [];
        for (int from = 0; from < set.Count; from += GoldenBatch)
        {
            TrialItem[] some = set.Load(from, GoldenBatch);
            items.AddRange(some.Select(item => item.Item));
            answers.AddRange(model.AnswerEach(some));
        }
        Metric metric = GoldenScore.For(model.Task, items)[0].Of(answers);
        Quality = new GoldenQuality(metric.Name, new Bootstrap(Replicates, seed: 0).Estimate(metric, 0.95), items.Count);
    }

    /// <summary>Has it answered by a server with these options from now on.</summary>
    public async Task ServeAsync(ServingOptions options, CancellationToken cancellationToken)
    {
        await StopAsync();
        Close();
        _server = new ModelServer(
            _runtime,
            (_, _) => System.Threading.Tasks.Task.FromResult(_package.Directory),
            options,
            TimeProvider.System
        );
        _lease = await _server.AcquireAsync(new ModelVersion("measured", 1), cancellationToken);
    }

    /// <summary>One prediction, of the items in turn.</summary>
    /// <exception cref="ServingException">It is refused, or late.</exception>
    /// <exception cref="ModelFaultException">The model fails.</exception>
    public Task AskAsync(int number, CancellationToken cancellationToken)
    {
        ServedModel model = _lease!.Model;
        TrialItem item = _items[(int)((uint)number % _items.Length)];
        return Task switch
        {
            ModelTask.TextClassification => model.ClassifyAsync([item.Item.Text!], 1, default, cancellationToken),
            ModelTask.ImageClassification => model.ClassifyAsync([item.Picture!.Value], 1, default, cancellationToken),
            ModelTask.TokenClassification => model.EntitiesAsync([item.Item.Text!], default, cancellationToken),
            ModelTask.Reranking => model.RerankAsync(item.Item.Text!, item.Item.Documents!, null, default, cancellationToken),
            ModelTask.ObjectDetection => model.DetectAsync([item.Picture!.Value], null, default, cancellationToken),
            ModelTask.TextEmbedding or ModelTask.TextImageEmbedding => model.EmbedAsync([item.Item.Text!], default, cancellationToken),
            ModelTask.ImageEmbedding => model.EmbedAsync([item.Picture!.Value], default, cancellationToken),
            _ => model.InferAsync(new TensorRequest(TrialTensors.InputsOf(_inputs, item.Item)), default, cancellationToken),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Close();
        _runtime.Dispose();
    }

    private void Close()
    {
        _model?.Dispose();
        _model = null;
    }

    private async Task StopAsync()
    {
        _lease?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
