using Serverless.Functions.Azure.Http;
using Serverless.Packages;
using Serverless.Validation.Golden;

namespace Serverless.Functions.Azure.Validation;

/// <summary>For what a golden set is, as addresses and bodies name it.</summary>
internal static class GoldenScopes
{
    public static GoldenScope Of(string scope, string name) =>
        scope switch
        {
            "models" => GoldenScope.OfModel(name),
            "tasks" => GoldenScope.OfTask(TaskOf(name)),
            _ => throw RequestProblem.NotFound($"There are no golden sets of '{scope}'; there are those of models and of tasks."),
        };

    public static ModelTask TaskOf(string name) =>
        EnumName.Find<ModelTask>(name)
        ?? throw RequestProblem.NotFound($"There is no task '{name}'; there are {string.Join(", ", Enum.GetNames<ModelTask>())}.");
}
