using System.Reflection;
using System.Reflection.Emit;
using Microsoft.Azure.WebJobs;
using Binder = Microsoft.Azure.WebJobs.Binder;
using ExecutionContext = Microsoft.Azure.WebJobs.ExecutionContext;
using Invocation = System.Func<int, object?[], System.Threading.Tasks.Task<object?>>;

namespace Serverless.Local.Host.Functions;

/// <summary>
/// Emits the class that the WebJobs SDK indexes: a method for each function, which hands its arguments to the <see cref="Invocation"/> that
/// the class was made with. Arguments are the trigger, the inputs, then <see cref="Binder"/>, context and cancellation.
/// </summary>
internal sealed class FunctionTypeEmitter(BindingAttributes attributes)
{
    /// <summary>The blobs extension's events name functions by this type: <c>functionName=Host.Functions.NAME</c>.</summary>
    public const string TypeName = "Host.Functions";

    private static readonly Type[] Common = [typeof(Binder), typeof(ExecutionContext), typeof(CancellationToken)];

    private readonly ModuleBuilder _module = AssemblyBuilder
        .DefineDynamicAssembly(new AssemblyName("Host.Functions"), AssemblyBuilderAccess.Run)
        .DefineDynamicModule("Host.Functions");

    /// <summary>Functions for which it fails are left out; <paramref name="refuse"/> is told.</summary>
    public Type Emit(IReadOnlyList<FunctionDefinition> functions, Action<FunctionDefinition, Exception> refuse)
    {
        TypeBuilder type = _module.DefineType(TypeName, TypeAttributes.Public | TypeAttributes.Class | TypeAttributes.Sealed);
        FieldBuilder invoke = type.DefineField("_invoke", typeof(Invocation), FieldAttributes.Private | FieldAttributes.InitOnly);
        EmitConstructor(type, invoke);
        for (int index = 0; index < functions.Count; index++)
        {
            try
            {
                EmitMethod(type, invoke, index, functions[index], [.. ParametersOf(functions[index])]);
            }
            catch (Exception failure)
            {
                refuse(functions[index], failure);
            }
        }
        return type.CreateType();
    }

    private IEnumerable<Parameter> ParametersOf(FunctionDefinition function)
    {
        yield return function.Trigger.IsHttpTrigger
            ? new Parameter(function.Trigger.Name, typeof(Microsoft.AspNetCore.Http.HttpContext), null)
            : ParameterOf(function.Trigger);
        foreach (FunctionBinding input in function.Inputs)
        {
            yield return ParameterOf(input);
        }
        foreach (Type type in Common)
        {
            yield return new Parameter($"_{type.Name}", type, null);
        }
    }

    private Parameter ParameterOf(FunctionBinding binding)
    {
        Attribute attribute = attributes.Create(binding);
        return new Parameter(binding.Name, attributes.ParameterType(binding, attribute), AttributeEmitter.Describe(attribute));
    }

    private static void EmitConstructor(TypeBuilder type, FieldBuilder invoke)
    {
        ConstructorBuilder constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [typeof(Invocation)]);
        ILGenerator code = constructor.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Call, typeof(object).GetConstructor(Type.EmptyTypes)!);
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Stfld, invoke);
        code.Emit(OpCodes.Ret);
    }

    private static void EmitMethod(TypeBuilder type, FieldBuilder invoke, int index, FunctionDefinition function, Parameter[] parameters)
    {
        // Only the Durable triggers take what the function returns; elsewhere the SDK would ask for a binding of the result.
        Type result = function.Trigger.IsDurableTrigger ? typeof(Task<object>) : typeof(Task);
        MethodBuilder method = type.DefineMethod(
            function.Name,
            MethodAttributes.Public,
            result,
            [.. parameters.Select(parameter => parameter.Type)]
        );
        foreach (Attribute attribute in AttributesOf(function))
        {
            method.SetCustomAttribute(AttributeEmitter.Describe(attribute));
        }
        for (int position = 0; position < parameters.Length; position++)
        {
            ParameterBuilder parameter = method.DefineParameter(position + 1, ParameterAttributes.None, parameters[position].Name);
            if (parameters[position].Attribute is { } attribute)
            {
                parameter.SetCustomAttribute(attribute);
            }
        }
        EmitBody(method.GetILGenerator(), invoke, index, parameters);
    }

    private static void EmitBody(ILGenerator code, FieldBuilder invoke, int index, Parameter[] parameters)
    {
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldfld, invoke);
        code.Emit(OpCodes.Ldc_I4, index);
        code.Emit(OpCodes.Ldc_I4, parameters.Length);
        code.Emit(OpCodes.Newarr, typeof(object));
        for (int position = 0; position < parameters.Length; position++)
        {
            code.Emit(OpCodes.Dup);
            code.Emit(OpCodes.Ldc_I4, position);
            code.Emit(OpCodes.Ldarg, (short)(position + 1));
            if (parameters[position].Type.IsValueType)
            {
                code.Emit(OpCodes.Box, parameters[position].Type);
            }
            code.Emit(OpCodes.Stelem_Ref);
        }
        code.Emit(OpCodes.Callvirt, typeof(Invocation).GetMethod(nameof(Invocation.Invoke))!);
        code.Emit(OpCodes.Ret);
    }

    private static IEnumerable<Attribute> AttributesOf(FunctionDefinition function)
    {
        if (function.Trigger.IsHttpTrigger)
        {
            yield return new NoAutomaticTriggerAttribute();
        }
        if (function.Retry is { } retry)
        {
            yield return retry;
        }
    }

    private sealed record Parameter(string Name, Type Type, CustomAttributeBuilder? Attribute);
}
