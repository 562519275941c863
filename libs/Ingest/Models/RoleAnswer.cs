using Serverless.Inference;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Packages;

namespace Serverless.Ingest.Models;

/// <summary>What one model said.</summary>
/// <param name="Dimensions">Of its vectors; 0 for a model that does not embed.</param>
/// <param name="Inference">Inside ONNX Runtime.</param>
/// <param name="Spent">By this call, of the runs that it shared its part.</param>
public sealed record RoleAnswer<T>(ModelRole Role, ModelReference Model, int Dimensions, T Value, TimeSpan Inference, ModelTime Spent)
{
    public ModelUse Use => Role.UseOf(Model);

    public VectorSpace Space => VectorSpace.Of(Model, Dimensions);
}

public static class RoleAnswers
{
    /// <summary>Of all that answered.</summary>
    public static TimeSpan Inference<T>(this IReadOnlyList<RoleAnswer<T>> answers) =>
        answers.Aggregate(TimeSpan.Zero, (sum, answer) => sum + answer.Inference);

    /// <summary>By each model.</summary>
    public static IEnumerable<ModelSpent> Spent<T>(this IReadOnlyList<RoleAnswer<T>> answers) =>
        answers.Select(answer => new ModelSpent(
            answer.Model.Name,
            answer.Model.Version,
            answer.Spent.Processor.TotalSeconds,
            answer.Spent.Gpu.TotalSeconds
        ));

    /// <summary>What is made of each answer, with the name that its findings carry where several models share the role.</summary>
    public static List<TFinding> Findings<T, TFinding>(
        this IReadOnlyList<RoleAnswer<T>> answers,
        Func<RoleAnswer<T>, string?, IEnumerable<TFinding>> make
    ) => [.. answers.SelectMany(answer => make(answer, answers.Count > 1 ? answer.Model.Name : null))];
}
