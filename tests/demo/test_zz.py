import time, pytest, cProfile, pstats
from pathlib import Path
from django.db import connection
from toegang.demo import generate as g
@pytest.mark.django_db(transaction=True)
def test_x():
    prof=cProfile.Profile(); res=[]
    old=g._Generator._write
    n=[0]
    def _write(self,*a):
        n[0]+=1
        with connection.cursor() as c:
            c.execute("select pg_backend_pid()"); pid=c.fetchone()[0]
        th=time.thread_time()
        if n[0]==3: prof.enable()
        r=old(self,*a)
        if n[0]==3: prof.disable()
        f=Path(f"/proc/{pid}/stat").read_text().split(); res.append((round(time.thread_time()-th,2),int(f[13])/100))
        return r
    g._Generator._write=_write
    g.WRITERS=1
    t=time.time(); c0=time.process_time(); g.generate(cases=12000,seed=1)
    print('WALL',time.time()-t, 'CPU', time.process_time()-c0, 'PG', sum(x[1] for x in res), res)
    pstats.Stats(prof).sort_stats('tottime').print_stats(22)
