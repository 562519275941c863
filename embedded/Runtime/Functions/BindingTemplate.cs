using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Embedded.Runtime.Invocation;

namespace Serverless.Embedded.Runtime.Functions;

/// <summary>A text whose <c>{parts}</c> come from an invocation: binding data, <c>{rand-guid}</c>, <c>{DateTime}</c> with or without a format.</summary>
internal sealed partial class BindingTemplate(string text)
{
    public string Fill(InvocationContext context) => Part().Replace(text, match => Value(context, match.Groups["name"].Value, match.Groups["format"].Value));

    private string Value(InvocationContext context, string name, string format)
    {
        if (context.BindingContext.BindingData.TryGetValue(name, out var value) && value is not null)
            return Convert.ToString(value, CultureInfo.InvariantCulture)!;
        var now = context.InstanceServices.GetRequiredService<TimeProvider>().GetUtcNow();
        return name switch
        {
            "rand-guid" => Guid.CreateVersion7(now).ToString(),
            "DateTime" => now.UtcDateTime.ToString(format.Length > 0 ? format : "yyyy-MM-ddTHH-mm-ssZ", CultureInfo.InvariantCulture),
            _ => throw new FunctionInputConverterException(
                $"Function '{context.Function}': '{text}' needs '{name}', which the event does not carry; it carries {Names(context)}."),
        };
    }

    private static string Names(InvocationContext context) => string.Join(", ", context.BindingContext.BindingData.Keys);

    [GeneratedRegex(@"\{(?<name>[\w-]+)(?::(?<format>[^}]*))?\}")]
    private static partial Regex Part();
}
