using System.Globalization;

namespace Serverless.Local.Lambda;

/// <summary>
/// The variables that Lambda sets for a function. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
/// </summary>
internal static class FunctionVariables
{
    public static IReadOnlyDictionary<string, string> For(LambdaOptions options, int number, string runtimeApi)
    {
        string program = options.Command.LastOrDefault(File.Exists) ?? options.Command[0];
        string folder = Path.GetDirectoryName(Path.GetFullPath(program))!;
        return new Dictionary<string, string>
        {
            ["AWS_LAMBDA_RUNTIME_API"] = runtimeApi,
            ["AWS_LAMBDA_FUNCTION_NAME"] = options.FunctionName,
            ["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST",
            ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = options.MemoryMb.ToString(CultureInfo.InvariantCulture),
            ["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand",
            ["AWS_LAMBDA_LOG_GROUP_NAME"] = $"/aws/lambda/{options.FunctionName}",
            ["AWS_LAMBDA_LOG_STREAM_NAME"] = $"local/[$LATEST]{number}",
            ["AWS_REGION"] = options.Region,
            ["AWS_DEFAULT_REGION"] = options.Region,
            ["LAMBDA_TASK_ROOT"] = folder,
            ["LAMBDA_RUNTIME_DIR"] = folder,
            ["_HANDLER"] = Path.GetFileNameWithoutExtension(program),
            ["TZ"] = ":UTC",
        };
    }
}
