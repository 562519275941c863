using System.Reflection;
using System.Reflection.Emit;
using Microsoft.Azure.WebJobs;
using Serverless.Local.Host.Functions;
using Serverless.Local.Host.Timers;
using Xunit;

namespace Serverless.Unit.Local.Host.Functions;

public sealed class AttributeEmitterTests
{
    [Fact]
    public void Describe_BlobTrigger_KeepsPathSourceAndConnection()
    {
        BlobTriggerAttribute original = new("media/{name}") { Source = BlobTriggerSource.EventGrid, Connection = "Other" };

        BlobTriggerAttribute emitted = Emit(original);

        Assert.Equal(("media/{name}", BlobTriggerSource.EventGrid, "Other"), (emitted.BlobPath, emitted.Source, emitted.Connection));
    }

    [Fact]
    public void Describe_Timer_KeepsItsFlags()
    {
        TimerTriggerAttribute emitted = Emit(new TimerTriggerAttribute("%Schedule%") { RunOnStartup = true, UseMonitor = false });

        Assert.Equal(("%Schedule%", true, false), (emitted.Schedule, emitted.RunOnStartup, emitted.UseMonitor));
    }

    [Fact]
    public void Describe_Retry_KeepsItsArguments()
    {
        FixedDelayRetryAttribute emitted = Emit(new FixedDelayRetryAttribute(3, "00:00:10"));

        Assert.Equal((3, "00:00:10"), (emitted.MaxRetryCount, emitted.DelayInterval));
    }

    private static T Emit<T>(T original)
        where T : Attribute
    {
        TypeBuilder type = AssemblyBuilder
            .DefineDynamicAssembly(new AssemblyName("Emitted"), AssemblyBuilderAccess.Run)
            .DefineDynamicModule("Emitted")
            .DefineType("Carrier", TypeAttributes.Public);
        MethodBuilder method = type.DefineMethod("Run", MethodAttributes.Public, typeof(void), [typeof(string)]);
        if (original is RetryAttribute)
        {
            method.SetCustomAttribute(AttributeEmitter.Describe(original));
        }
        else
        {
            method.DefineParameter(1, ParameterAttributes.None, "value").SetCustomAttribute(AttributeEmitter.Describe(original));
        }
        method.GetILGenerator().Emit(OpCodes.Ret);
        MethodInfo made = type.CreateType().GetMethod("Run")!;
        return made.GetCustomAttribute<T>() ?? made.GetParameters()[0].GetCustomAttribute<T>()!;
    }
}
