using Serverless.Captures;
using Serverless.Inference;
using Serverless.Inference.Serving;

namespace Serverless.Serving.Work;

/// <summary>One request's input, which any version of the model may be asked to answer. Disposed after the last.</summary>
public interface IPredictionWork : IDisposable
{
    /// <summary>About what it holds in memory.</summary>
    long Bytes { get; }

    InputSummary Describe(CaptureOptions options);

    Task<WorkOutcome> RunAsync(ServedModel model, RequestTerms terms, CancellationToken cancellationToken);
}

/// <summary>What a version answered.</summary>
/// <param name="Value">In the task's own type, for the caller.</param>
/// <param name="LaterView">The View, made once somebody looks.</param>
public sealed record WorkOutcome(object Value, Lazy<OutputView> LaterView, RequestTimes Times, int BatchItems)
{
    /// <summary>Of raw outputs, where the model has them.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Of the input, as the version's own tokenizer cut it.</summary>
    public TokenCounts Tokens { get; init; }

    /// <summary>By the model, for this request alone.</summary>
    public ModelTime Spent { get; init; }

    /// <summary>In the terms that all tasks share, for captures and comparisons.</summary>
    public OutputView View => LaterView.Value;

    public static WorkOutcome Of<T>(ServedAnswer<T> answer, Func<T, OutputView> view)
        where T : notnull =>
        new(answer.Value, new Lazy<OutputView>(() => view(answer.Value)), answer.Times, answer.BatchItems)
        {
            Tokens = answer.Tokens,
            Spent = answer.Spent,
        };
}
