using Microsoft.Azure.Functions.Worker.Converters;

namespace Microsoft.Azure.Functions.Worker.Extensions.Http.Converters;

/// <summary>Reads a request's body as a given type; the host sets it on every HTTP invocation.</summary>
public interface IFromBodyConversionFeature
{
    ValueTask<object?> ConvertAsync(FunctionContext context, Type targetType);
}

internal sealed class FromBodyConverter : IInputConverter
{
    public async ValueTask<ConversionResult> ConvertAsync(ConverterContext context) =>
        context.FunctionContext.Features.Get<IFromBodyConversionFeature>() is { } feature
            ? ConversionResult.Success(await feature.ConvertAsync(context.FunctionContext, context.TargetType))
            : ConversionResult.Unhandled();
}
