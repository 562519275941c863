namespace Microsoft.Azure.Functions.Worker.Converters;

/// <summary>Fills one parameter of a function; named on the parameter or its type by <see cref="InputConverterAttribute"/>.</summary>
public interface IInputConverter
{
    ValueTask<ConversionResult> ConvertAsync(ConverterContext context);
}

public abstract class ConverterContext
{
    public abstract Type TargetType { get; }

    public abstract object? Source { get; }

    public abstract FunctionContext FunctionContext { get; }

    public abstract IReadOnlyDictionary<string, object> Properties { get; }
}
